import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import {
  blockerOf,
  type ClaimQueue,
  type ClaimSet,
  covers,
  emptyQueue,
  enter,
  leave,
  nothing,
  overlaps,
} from "../../../src/agent/records/ClaimQueue.ts"

const set = (more: Partial<ClaimSet>): ClaimSet => ({ ...nothing, ...more })

describe("two claims", () => {
  it.each<readonly [string, ClaimSet, ClaimSet, boolean]>([
    ["of nothing", nothing, nothing, false],
    ["of one document", set({ documents: ["a"] }), set({ documents: ["b", "a"] }), true],
    ["of two documents", set({ documents: ["a"] }), set({ documents: ["b"] }), false],
    ["of similar names of documents", set({ documents: ["Net"] }), set({ documents: ["b", "net"] }), true],
    ["of similar names of resources", set({ names: ["X"] }), set({ names: ["x"] }), false],
    ["of all documents", set({ documents: "all" }), set({ documents: "all" }), true],
    ["of all documents and of one", set({ documents: "all" }), set({ documents: ["b"] }), true],
    ["of all documents and of a resource", set({ documents: "all" }), set({ identities: ["x"] }), false],
    ["of one resource", set({ identities: ["x"] }), set({ identities: ["x"] }), true],
    ["of one name", set({ names: ["x"] }), set({ names: ["x"] }), true],
    ["of a name and of a resource", set({ names: ["x"] }), set({ identities: ["x"] }), false],
  ])("overlap if they have anything in common: %s", (_, one, other, expected) => {
    assert.strictEqual(overlaps(one, other), expected)
    assert.strictEqual(overlaps(other, one), expected)
  })

  it.each<readonly [string, ClaimSet, ClaimSet, boolean]>([
    ["nothing", nothing, nothing, true],
    ["a part", set({ identities: ["x", "y"], names: ["n"] }), set({ identities: ["y"] }), true],
    ["more", set({ identities: ["x"] }), set({ identities: ["x", "y"] }), false],
    ["a document of all", set({ documents: "all" }), set({ documents: ["a"] }), true],
    ["all documents", set({ documents: ["a"] }), set({ documents: "all" }), false],
  ])("cover one another: %s", (_, whole, part, expected) => {
    assert.strictEqual(covers(whole, part), expected)
  })
})

const few = (of: string) => Schema.Array(Schema.Literals([`${of}1`, `${of}2`, `${of}3`]))
const Event = Schema.Union([
  Schema.Struct({
    documents: Schema.Union([Schema.Literal("all"), few("document")]),
    identities: few("identity"),
    names: few("name"),
  }),
  /** Which of those in the queue leaves. */
  Schema.Struct({ leaves: Schema.Literals([0, 1, 2, 3, 4]) }),
])
interface Request {
  readonly set: ClaimSet
}

describe("a queue of claims", () => {
  it.prop(
    "keeps those apart that overlap, and lets nobody wait without a reason",
    [Schema.Array(Event)],
    ([events]) => {
      let queue: ClaimQueue<Request> = emptyQueue
      const check = () => {
        for (const one of queue.granted) {
          for (const other of queue.granted) assert.isTrue(one === other || !overlaps(one.set, other.set))
        }
        for (const one of queue.waiting) {
          const blocker = blockerOf(queue, one)
          assert.isDefined(blocker)
          assert.isTrue(queue.granted.includes(blocker) || queue.waiting.indexOf(blocker) < queue.waiting.indexOf(one))
        }
      }
      for (const event of events) {
        const inside = [...queue.granted, ...queue.waiting]
        if (!("leaves" in event)) queue = enter(queue, { set: event })
        else {
          const request = inside[event.leaves]
          if (request !== undefined) queue = leave(queue, request)
        }
        check()
      }
      // The first that came can always leave, and in the end all have had their turn.
      while (queue.waiting.length > 0) {
        const [first] = queue.granted
        assert.isDefined(first)
        queue = leave(queue, first)
        check()
      }
    },
  )
})
