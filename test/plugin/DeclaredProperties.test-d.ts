/** The types that `defineResource` keeps. `npm run types` checks this file; it is not run. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { expectTypeOf } from "vitest"
import { Answer, definePlugin, defineResource, Property, type ResourceDefinition } from "../../src/plugin/index.ts"
import type { Properties, TypedResource } from "../../src/protocol/index.ts"

const handlers = {
  idempotency: "name",
  create: () => Effect.succeed(Answer.deleted("it")),
  read: () => Effect.succeed({}),
  delete: () => Effect.succeed(Answer.deleted("it")),
} as const

const Disk = defineResource({
  type: "Suite::Of::Disk",
  target: Schema.Struct({
    host: Property.identity(Schema.String),
    port: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(22))),
  }),
  properties: Schema.Struct({
    Name: Property.createOnly(Schema.String),
    Created: Schema.optionalKey(Schema.DateFromString),
    Key: Property.createOnly(Property.writeOnly(Property.opaque(Schema.String))),
    Token: Property.opaque(Property.writeOnly(Schema.optionalKey(Schema.String))),
    Mounts: Property.unordered(Schema.optionalKey(Schema.Array(Schema.Struct({ Path: Schema.String })))),
    Id: Property.output(Schema.String),
    Login: Property.opaque(Property.output(Schema.String)),
    Sizes: Property.createOnly(Property.output(Schema.Array(Schema.Int))),
  }),
  ...handlers,
})

type Types = (typeof Disk)["~formae/types"]

/** What can be given: as JSON, and nothing that the provider sets. */
expectTypeOf<Types["properties"]>().toEqualTypeOf<{
  readonly Name: string
  readonly Created?: string
  readonly Key: string
  readonly Token?: string
  readonly Mounts?: ReadonlyArray<{ readonly Path: string }>
}>()

/** What can be referred to: nothing that is never read. */
expectTypeOf<Types["attributes"]>().toEqualTypeOf<{
  readonly Name: string
  readonly Created: string
  readonly Mounts: ReadonlyArray<{ readonly Path: string }>
  readonly Id: string
  readonly Login: string
  readonly Sizes: ReadonlyArray<number>
}>()

expectTypeOf<Types["targetConfig"]>().toEqualTypeOf<{ readonly host: string; readonly port?: number }>()

/** The marks show on the fields. */
const { Id, Key, Name } = {
  Id: Property.output(Schema.String),
  Key: Property.createOnly(Property.writeOnly(Schema.String)),
  Name: Property.createOnly(Schema.String),
}
expectTypeOf(Id).toExtend<Property.Output>()
expectTypeOf(Name).toExtend<Property.CreateOnly>()
expectTypeOf(Key).toExtend<Property.CreateOnly & Property.WriteOnly>()
expectTypeOf(Name).not.toExtend<Property.Output>()
expectTypeOf(Schema.String).not.toExtend<Property.CreateOnly>()

/** Types of different properties are types of one plugin. */
const Note = defineResource({
  type: "Suite::Of::Note",
  target: Schema.Struct({}),
  properties: Schema.Struct({ Text: Schema.String }),
  ...handlers,
})
definePlugin({ name: "suite", namespace: "Suite", version: "1.0.0", types: [Disk, Note] })
expectTypeOf([Disk, Note]).toExtend<ReadonlyArray<ResourceDefinition>>()

/** A type that is made by way of a schema whose fields are not known takes anything. */
const opaqueSchema: Schema.Codec<Properties, unknown> & { readonly fields: Schema.Struct.Fields } = Schema.Struct({})
const Anything = defineResource({
  type: "Suite::Of::Thing",
  target: Schema.Struct({}),
  properties: opaqueSchema,
  ...handlers,
})
expectTypeOf(Anything).toExtend<TypedResource<{ readonly [name: string]: unknown }, unknown, {}>>()

/** A definition without a declaration has no types to check by. */
declare const definition: ResourceDefinition
expectTypeOf(definition).not.toExtend<TypedResource<unknown, unknown, unknown>>()
