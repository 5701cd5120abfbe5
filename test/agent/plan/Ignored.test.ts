import { assert, describe, it } from "@effect/vitest"
import { keepIgnored } from "../../../src/agent/plan/Ignored.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { capable, thing } from "./capabilities.ts"
import { wanted } from "./planned.ts"

const capabilities = { ...thing, ...capable(thing.type, { Map: [], List: [], Secret: ["writeOnly"] }) }

const kept = (given: Properties, actual: Properties, ...ignore: ReadonlyArray<string>): Properties => {
  const one = wanted("a", given, { capabilities })
  return keepIgnored(given, actual, { ...one, resource: { ...one.resource, ignore } })
}

describe("what is ignored", () => {
  it("stays as it was read, whether the document says something there or not", () => {
    const actual = { Map: { stage: 1, owner: "others" }, List: ["a"] }
    assert.deepEqual(kept({ Map: { stage: 2 } }, actual, "/Map/owner"), { Map: { stage: 2, owner: "others" } })
    assert.deepEqual(kept({ Map: { owner: "us" } }, actual, "/Map/owner"), { Map: { owner: "others" } })
    assert.deepEqual(kept({}, actual, "/Map/owner", "List"), { Map: { owner: "others" }, List: ["a"] })
    assert.deepEqual(kept({ List: ["b"] }, { Map: {} }, "List", "/Map/owner"), {})
  })

  it("has no places in a list, in what stands for a value, and in what nobody can read", () => {
    const given = { List: ["a", "b"], Map: { $ref: "b.Map" }, Secret: "x" }
    const actual = { List: ["b"], Map: { owner: "others" } }
    assert.deepEqual(kept(given, actual, "/List/0", "/Map/owner", "Secret"), given)
  })
})
