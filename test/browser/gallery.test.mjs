// A representative part of the gallery; make gallery looks at the whole of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gallery, walk } from "./gallery.mjs";

let world;

before(async () => {
  world = await gallery();
});

after(() => world?.close());

// One page of every kind and state; the journeys see to the rest.
const kinds = ["/rule filled", "/rule empty", "/rule no hits", "/rule not understood", "/rule/{id} filled", "/rule/{id} not found", "/rule/new error", "/rule/{id}/edit clash",
  "/rule/{id}/versions filled", "/unit_change/{id} filled", "/webhook/{id} filled", "/own_indicator/{id} filled", "/tasks empty", "/reading/{id} filled", "/policy empty", "/sign-in error"];

for (const [lang, dark] of [["da", false], ["en", true]]) {
  test(`a page of every kind and state, ${lang}, ${dark ? "dark" : "light"}`, async () => {
    const { seen, wrong } = await walk(world, { langs: [lang], darks: [dark], wanted: (name) => kinds.includes(name) });
    assert.equal(seen, kinds.length);
    assert.deepEqual(wrong, []);
  });
}
