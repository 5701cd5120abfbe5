import { assert, describe, it } from "@effect/vitest"
import { checkHandshake } from "../../../src/agent/launch/HandshakeCheck.ts"
import type { HandshakeResponse } from "../../../src/protocol/Handshake.ts"
import { Cookie, Namespace, NodeName } from "../../../src/protocol/Identity.ts"
import { entryOf } from "../supervision/supervised.ts"

const expected = { manifest: entryOf("suite", "Suite").manifest, cookie: Cookie.make("right") }
const answer: HandshakeResponse = {
  protocol: 1,
  name: "suite",
  namespace: Namespace.make("Suite"),
  version: "1.2.3",
  node: NodeName.make("suite-plugin@localhost"),
  cookie: Cookie.make("right"),
  pid: 1,
  types: [],
}

describe("the answer to a handshake", () => {
  it("is right when it carries the cookie, the namespace and a protocol of this agent", () => {
    assert.isUndefined(checkHandshake(answer, expected))
    assert.isUndefined(checkHandshake({ ...answer, namespace: Namespace.make("SUITE") }, expected))
  })

  it.each<[Partial<HandshakeResponse>, string]>([
    [{ cookie: Cookie.make("wrong") }, "cookie of another launch"],
    [{ namespace: Namespace.make("Other") }, "serves the namespace Other, but its manifest says Suite"],
    [{ protocol: 0 }, "chose protocol 0, but this agent speaks 1"],
    [{ protocol: 2 }, "chose protocol 2, but this agent speaks 1"],
  ])("is wrong with %j", (change, sentence) => {
    const mismatch = checkHandshake({ ...answer, ...change }, expected)
    assert.include(mismatch, sentence)
    assert.notInclude(mismatch, expected.cookie)
  })
})
