/** The capabilities of resource types, in short. */
import { ResourceType } from "../../../src/protocol/Identity.ts"
import type { PropertyTraits, TypeCapabilities } from "../../../src/protocol/Resource.ts"

type Trait = keyof PropertyTraits

/** `capable("A::B::C", { Name: ["required", "createOnly"], Size: [] })`. */
export const capable = (
  type: string,
  properties: Readonly<Record<string, ReadonlyArray<Trait>>>,
): TypeCapabilities => ({
  type: ResourceType.make(type),
  idempotency: "name",
  listable: false,
  recoverable: false,
  targetIdentity: ["region"],
  targetSecrets: [],
  schema: {},
  properties: Object.fromEntries(
    Object.entries(properties).map(([name, traits]) => {
      const has = (trait: Trait) => traits.includes(trait)
      return [
        name,
        {
          required: has("required"),
          createOnly: has("createOnly"),
          writeOnly: has("writeOnly"),
          opaque: has("opaque"),
          output: has("output"),
          unordered: has("unordered"),
        },
      ]
    }),
  ),
})

/** A type with a property of each kind. */
export const thing = capable("Suite::Of::Thing", {
  Name: ["required", "createOnly"],
  Size: [],
  Options: [],
  List: [],
  Tags: ["unordered"],
  Hint: ["writeOnly"],
  Secret: ["opaque"],
  Password: ["writeOnly", "opaque"],
  Id: ["output"],
})
