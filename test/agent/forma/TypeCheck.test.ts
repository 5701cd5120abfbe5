import { assert, describe, it } from "@effect/vitest"
import type { FormaResource } from "../../../src/agent/forma/FormaDocument.ts"
import { checkTypes } from "../../../src/agent/forma/TypeCheck.ts"
import { linearPattern } from "../../../src/agent/forma/schema/linearPattern.ts"
import { makeSchemaCheck } from "../../../src/agent/forma/SchemaCheck.ts"
import { findCycles, inReferenceOrder } from "../../../src/agent/forma/FormaOrder.ts"
import { ResourceType } from "../../../src/protocol/Identity.ts"
import { formatIssue } from "../../../src/protocol/Issue.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { thing } from "../plan/capabilities.ts"

const resource = (label: string, properties?: Properties, type = "Suite::Of::Thing"): FormaResource => ({
  label,
  type: ResourceType.make(type),
  target: "here",
  ...(properties === undefined ? {} : { properties }),
})

const objections = (...resources: ReadonlyArray<FormaResource>) =>
  checkTypes(
    { targets: {}, resources },
    (type) => (type === thing.type ? thing : undefined),
    () => [thing.type],
    makeSchemaCheck(linearPattern),
  ).issues.map(formatIssue)

const named = { Name: "a" }

describe("a resource, checked against the capabilities of its plugin,", () => {
  it("passes with properties that its type has", () => {
    assert.deepEqual(
      objections(
        resource("a", { ...named, Size: 1 }),
        resource("b", { Name: { $ref: "a.Id" }, List: [{ $ref: "a.Tags" }] }),
      ),
      [],
    )
  })

  it("must have a type that the plugin knows", () => {
    assert.deepEqual(objections(resource("a", named), resource("b", {}, "Suite::Of::Nothing")), [
      "resources[1].type: the plugin does not know the type Suite::Of::Nothing; did you mean Suite::Of::Thing?",
    ])
  })

  it("must have the properties that its type requires, and no unknown ones", () => {
    assert.deepEqual(objections(resource("a", { Colour: "red", constructor: 1 })), [
      "resources[0].properties.Colour: Suite::Of::Thing has no property Colour; the properties that it takes are: Name, Size, Options, List, Tags, Hint, Secret, Password",
      "resources[0].properties.constructor: Suite::Of::Thing has no property constructor; the properties that it takes are: Name, Size, Options, List, Tags, Hint, Secret, Password",
      "resources[0].properties: Suite::Of::Thing needs the property Name; write it here: Name: ...",
    ])
    assert.deepEqual(objections(resource("a")), [
      "resources[0].properties: Suite::Of::Thing needs the property Name; write it here: Name: ...",
    ])
  })

  it("must not give properties that the provider sets", () => {
    assert.deepEqual(objections(resource("a", { ...named, Id: "i" })), [
      "resources[0].properties.Id: Id is set by the provider and cannot be given; take it out",
    ])
  })

  it("must refer to properties that the other type has", () => {
    assert.deepEqual(objections(resource("a", named), resource("b", { ...named, List: [{ $ref: "a.Ids" }] })), [
      "resources[1].properties.List[0]: a is of the type Suite::Of::Thing, which has no property Ids; did you mean Id?",
    ])
    assert.deepEqual(objections(resource("a", named), resource("b", { ...named, Size: { $ref: "a.toString" } })), [
      "resources[1].properties.Size: a is of the type Suite::Of::Thing, which has no property toString; the properties are: Name, Size, Options, List, Tags, Hint, Secret, Password, Id",
    ])
  })

  it("must not refer to a property that cannot be read", () => {
    const secret = resource("a", { ...named, Secret: "s" })
    assert.deepEqual(
      objections(secret, resource("b", { ...named, Size: { $ref: "a.Hint" }, Secret: { $ref: "a.Password" } })),
      [
        "resources[1].properties.Size: Hint of a is never returned by the provider, so it cannot be referred to; write the value here too, by an alias (&a and *a) or a parameter",
        "resources[1].properties.Secret: Password of a is never returned by the provider, so it cannot be referred to; write the value here too, by an alias (&a and *a) or a parameter",
      ],
    )
    assert.deepEqual(objections(secret, resource("b", { ...named, Password: { $ref: "a.Secret" } })), [])
  })
})

describe("the order of a forma", () => {
  const to = (label: string, ...others: ReadonlyArray<string>) =>
    resource(label, { List: others.map((other) => ({ $ref: `${other}.Id` })) })
  const orderOf = (...resources: ReadonlyArray<FormaResource>) => inReferenceOrder(resources).map(({ label }) => label)

  it("puts each resource after those that it refers to", () => {
    const order = orderOf(to("d", "b", "c"), to("b", "a"), to("c", "a"), to("a"), to("alone"))
    assert.lengthOf(order, 5)
    for (const [first, then] of [
      ["a", "b"],
      ["a", "c"],
      ["b", "d"],
      ["c", "d"],
    ] as const) {
      assert.isBelow(order.indexOf(first), order.indexOf(then))
    }
  })

  it("reports each circle once, and no resource that only refers to a circle", () => {
    const circles = findCycles([
      to("x", "a"),
      to("a", "b"),
      to("b", "a"),
      to("c", "c"),
      to("d", "a"),
      to("e", "f"),
      to("f", "g"),
      to("g", "e"),
    ])
    assert.deepEqual(circles.map(formatIssue).toSorted(), [
      "resources[1]: these resources refer to each other in a circle: a, b; take one of these out, so that one resource can be the first",
      "resources[3]: c refers to itself; take that out, or name another resource",
      "resources[5]: these resources refer to each other in a circle: e, f, g; take one of these out, so that one resource can be the first",
    ])
  })
})
