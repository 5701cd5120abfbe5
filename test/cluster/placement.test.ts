/** Which runners may work on a document. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  anyGroup,
  chooseGroup,
  describeNoRunner,
  entityIdOf,
  formaOfEntity,
  groupOf,
  groupOfEntity,
  groupsServedBy,
  hostedBy,
} from "../../src/cluster/placement.ts"

describe("the group of a document", () => {
  it("is the set of its namespaces, in whatever order they are named", () => {
    assert.strictEqual(groupOf(["Azure", "AWS", "AWS"]), "AWS+Azure")
    assert.strictEqual(groupOf([]), anyGroup)
  })

  it("is served by each runner that hosts its namespaces, so that they share such documents", () => {
    const both = groupsServedBy(["AWS", "Azure"])
    assert.deepEqual(both, ["AWS", "AWS+Azure", "Azure", anyGroup])
    assert.deepEqual(groupsServedBy(["AWS"]), ["AWS", anyGroup])
    assert.strictEqual(chooseGroup(["AWS"], [both, groupsServedBy(["AWS"])]), "AWS")
    assert.strictEqual(chooseGroup(["Azure", "AWS"], [groupsServedBy(["AWS"]), both]), "AWS+Azure")
    assert.strictEqual(chooseGroup([], [groupsServedBy([])]), anyGroup)
  })

  it("is of no runner where none hosts all of them, which says who hosts what", () => {
    const served = [groupsServedBy(["AWS"]), groupsServedBy(["Azure"])]
    assert.isUndefined(chooseGroup(["AWS", "Azure"], served))
    assert.strictEqual(
      describeNoRunner(
        ["Azure", "AWS"],
        served.map((groups, at) => ({ name: `agent-${at}@host`, groups })),
      ),
      "No runner of the cluster may host all that the document needs (AWS, Azure): agent-0@host hosts AWS; agent-1@host hosts Azure. Start a runner that hosts them, or split the document",
    )
    assert.include(describeNoRunner(["AWS"], []), "there is no runner now")
    assert.include(describeNoRunner(["AWS"], [{ name: "a", groups: [anyGroup] }]), "a hosts none")
  })

  it("is a larger one where a runner hosts too many namespaces for every combination", () => {
    const many = ["A", "B", "C", "D", "E"]
    const served = groupsServedBy(many)
    assert.lengthOf(served, 1 + 5 + 10 + 1)
    assert.strictEqual(chooseGroup(["A", "B", "C"], [served]), "A+B+C+D+E")
  })

  it("has a name for which the engine has room, however many namespaces there are and however long they are", () => {
    const many = [
      "Kubernetes",
      "GoogleCloud",
      "Cloudflare",
      "DigitalOcean",
      "AWS",
      "Azure",
      "DataWarehousesOfOneCompany",
    ]
    const served = groupsServedBy(many)
    for (const group of served) assert.isAtMost(`${group}:16`.length, 50)
    assert.strictEqual(new Set(served).size, 1 + 7 + 21 + 1)
    assert.deepEqual(hostedBy(served), many.toSorted())
    const all = chooseGroup(["AWS", "Azure", "Cloudflare"], [groupsServedBy(["AWS"]), served])
    assert.strictEqual(all, groupOf(many))
    assert.include(served, all)
    assert.isAtMost(entityIdOf(all ?? "", "d".repeat(200)).length, 255)
  })

  it("is found for a namespace that is written in other capitals", () => {
    assert.strictEqual(chooseGroup(["AWS"], [groupsServedBy(["aws"])]), "aws")
  })

  it.effect.prop(
    "is always one whose runners host all namespaces of the document",
    [
      Schema.Array(Schema.Literals(["A", "B", "C", "D", "E", "F"])),
      Schema.Array(Schema.Array(Schema.Literals(["A", "B", "C", "D", "E", "F"]))),
    ],
    ([wanted, runners]) =>
      Effect.sync(() => {
        const served = runners.map(groupsServedBy)
        const group = chooseGroup(wanted, served)
        const able = runners.filter((hosted) => wanted.every((name) => hosted.includes(name)))
        assert.strictEqual(group === undefined, able.length === 0)
        for (const [at, groups] of served.entries()) {
          assert.deepEqual(hostedBy(groups), [...new Set(runners[at])].toSorted())
          if (group !== undefined && groups.includes(group)) assert.include(able, runners[at])
        }
      }),
  )
})

it("the id of an entity has the group and the forma", () => {
  const id = entityIdOf("AWS+Azure", "a/b")
  assert.strictEqual(groupOfEntity(id), "AWS+Azure")
  assert.strictEqual(formaOfEntity(id), "a/b")
})
