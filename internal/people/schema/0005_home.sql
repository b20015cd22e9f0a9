-- A unit belongs to itself: whoever reaches it may point at it.
UPDATE record_title SET unit = id WHERE kind = 'unit';
