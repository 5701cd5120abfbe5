/** Keeps plans from what protected resources must not suffer. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Change } from "./Change.ts"

const Protected = Schema.Struct({
  /** The label of the resource. */
  label: Schema.String,
  /** The resource type. */
  type: Schema.String,
  /** The id that the provider gave it. */
  nativeId: Schema.String,
  /** What would be done to it. */
  operation: Schema.Literals(["delete", "replace"]),
})

/** The plan would delete or replace resources that are protected. Nothing was done. */
export class ResourcesProtected extends Schema.TaggedError<ResourcesProtected>("formae/agent/plan/ResourcesProtected")(
  "ResourcesProtected",
  {
    /** The resources, in the order of the plan. */
    resources: Schema.Array(Protected),
  },
) {
  override get message(): string {
    const each = this.resources.map(
      ({ label, nativeId, operation, type }) => `${label} (${type} ${nativeId}) would be ${operation}d`,
    )
    return `Nothing was done, because ${each.join(", ")}, and ${each.length === 1 ? "it is" : "they are"} protected. To allow that, apply the document once without the protection, and without the change that needs it`
  }
}

/** Fails with `ResourcesProtected` where a plan would delete or replace what is protected, now or when it was last applied. */
export const refuseProtected = (
  changes: ReadonlyArray<Change>,
): Effect.Effect<ReadonlyArray<Change>, ResourcesProtected> => {
  const resources = changes.flatMap(({ blocked, existing, label, operation, type, wanted }) => {
    if ((operation !== "delete" && operation !== "replace") || existing === undefined || blocked !== undefined)
      return []
    const isProtected = existing.row.care?.protect === true || wanted?.resource.protect === true
    return isProtected ? [{ label, type, nativeId: existing.row.nativeId, operation }] : []
  })
  return resources.length === 0 ? Effect.succeed(changes) : Effect.fail(new ResourcesProtected({ resources }))
}
