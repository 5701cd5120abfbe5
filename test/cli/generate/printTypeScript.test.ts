import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { plugin } from "../../../plugins/fake-aws/src/plugin.ts"
import { printTypeScript } from "../../../src/cli/generate/printTypeScript.ts"
import { modelOf } from "../../../src/cli/generate/ResourceModel.ts"
import { oddTypes } from "./oddTypes.ts"

describe("the module in TypeScript", () => {
  it("of FakeAWS is the one of the examples", () => {
    const types = [...plugin.types.values()].map((definition) => definition.capabilities)
    const golden = readFileSync(new URL("../../../examples/hosts/FakeAWS.ts", import.meta.url), "utf8")
    assert.strictEqual(printTypeScript(modelOf(types)), golden)
    assert.strictEqual(printTypeScript(modelOf(types.toReversed())), golden, "whatever the order of the types")
  })

  it("has definitions, names that need quotes, descriptions and traits", () => {
    assert.strictEqual(
      printTypeScript(modelOf(oddTypes)),
      `// Made by \`formae types --typescript\`. Do not edit it: make it again when a plugin has changed.
import { typedResource } from "formae/protocol"

/** The resource types of the namespace Odd. */
export const Odd = {
  Empty: {
    Thing: typedResource<Odd.Empty.Thing.Properties, Odd.Empty.Thing.Attributes, Odd.Empty.Thing.Target>(
      "Odd::Empty::Thing",
    ),
  },
  default: {
    Rule: typedResource<Odd._default.Rule.Properties, Odd._default.Rule.Attributes, Odd._default.Rule.Target>(
      "Odd::default::Rule",
    ),
  },
} as const

export declare namespace Odd.Empty.Thing {
  /** What can be given. */
  interface Properties {}

  /** What can be referred to. */
  interface Attributes extends Required<Properties> {}

  /** The config of a target. */
  type Target = any
}

export declare namespace Odd._default.Rule {
  /** What can be given. */
  interface Properties {
    /**
     * Ends a comment: *\\/
     * Upper and lower case are the same.
     * An empty value is the same as none.
     */
    readonly "a-b": string
    /**
     * Cannot be changed after create: a change replaces the resource.
     * Secret.
     * Never returned by the provider.
     * A key that was added elsewhere is taken out.
     */
    readonly Statement?: Properties.Statement
    /**
     * Default: {"a":1}.
     * A block of addresses, whose host bits mean nothing.
     */
    readonly Untold?: any
  }

  /** What can be referred to. */
  interface Attributes extends Required<Omit<Properties, "Statement">> {
    readonly Made: number
  }

  namespace Properties {
    interface Statement {
      readonly Not?: Properties.Statement
      readonly Of: Properties.one_two
    }
    type one_two = 1 | 2
  }

  /** The config of a target. */
  interface Target {
    readonly region?: string
  }
}
`,
    )
  })
})
