/** The plugin of the golden conversations. The name of a resource decides what happens to it. */
import { Answer, definePlugin, defineResource, Property, ProviderError, Recovered } from "formae/plugin"
import { type ListPage, NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const target = Schema.Struct({ region: Schema.String })

/** More than a frame may hold. */
const huge = "x".repeat(17 * 1024 * 1024)
const deep: ReadonlyArray<never> = JSON.parse("[".repeat(256) + "]".repeat(256))

const makeThing = () => {
  const throttled = new Set<string>()
  const polls = new Map<string, number>()
  return defineResource({
    type: "Golden::Of::Thing",
    idempotency: "name",
    target,
    properties: Schema.Struct({
      Name: Property.createOnly(Schema.String),
      Size: Schema.optionalKey(Schema.Int),
      ThingId: Property.output(Schema.String),
    }),
    create: Effect.fnUntraced(function* ({ properties: { Name, Size } }) {
      if (Name === "never") return yield* Effect.never
      if (Name === "refused") return yield* ProviderError.of("AccessDenied", "not for you")
      if (Name === "throttled" && !throttled.has(Name)) {
        throttled.add(Name)
        return yield* ProviderError.of("Throttling", "not so fast")
      }
      if (Name === "busy" && !throttled.has(Name)) {
        throttled.add(Name)
        return yield* ProviderError.of("Throttling", "busy").after(5)
      }
      if (["doomed", "flaky", "later"].includes(Name)) {
        return Answer.inProgress({ requestId: `work on ${Name}`, nativeId: Name })
      }
      if (Name === "huge") return Answer.succeeded({ nativeId: Name, properties: { Name: huge, ThingId: Name } })
      if (Name === "deep") return Answer.succeeded({ nativeId: Name, properties: { Name: deep, ThingId: Name } })
      const size = Size === undefined ? {} : { Size }
      return Answer.succeeded({ nativeId: Name, properties: { Name, ThingId: Name, ...size } })
    }),
    status: Effect.fnUntraced(function* ({ requestId }) {
      const Name = requestId.replace("work on ", "")
      const poll = (polls.get(Name) ?? 0) + 1
      polls.set(Name, poll)
      if (Name === requestId) return yield* ProviderError.of("UnforeseenError", `There is no work ${requestId}`)
      if (Name === "gone") return yield* ProviderError.of("NotFound", "gone does not exist")
      if (Name === "doomed") return yield* ProviderError.of("ServiceLimitExceeded", "no more of these")
      if (Name === "flaky" && poll === 2) return yield* ProviderError.of("Throttling", "not so fast")
      if (Name === "flaky" && poll < 4) return Answer.inProgress({ requestId, nativeId: Name })
      return Answer.succeeded({ nativeId: Name, properties: { Name, ThingId: Name } })
    }),
    read: ({ nativeId }) =>
      nativeId === "missing"
        ? Effect.fail(ProviderError.of("NotFound", "missing does not exist"))
        : Effect.succeed({ Name: nativeId, Size: 1, ThingId: nativeId }),
    update: ({ desired, nativeId }) =>
      desired.Name !== nativeId
        ? Effect.fail(ProviderError.of("NotUpdatable", "Name cannot be changed after create"))
        : Effect.succeed(Answer.succeeded({ nativeId, properties: { ...desired, ThingId: nativeId } })),
    delete: ({ nativeId }) =>
      nativeId === "missing"
        ? Effect.fail(ProviderError.of("NotFound", "missing does not exist"))
        : Effect.succeed(Answer.deleted(nativeId)),
    list: ({ pageToken }): Effect.Effect<ListPage, ProviderError> =>
      pageToken === undefined
        ? Effect.succeed({ nativeIds: [NativeId.make("a"), NativeId.make("b")], nextPageToken: "page 2" })
        : pageToken === "page 2"
          ? Effect.succeed({ nativeIds: [NativeId.make("c")] })
          : Effect.fail(ProviderError.of("InvalidRequest", `There is no page ${pageToken}`)),
    identify: ({ properties: { Name } }) =>
      Name === "refused"
        ? Effect.fail(ProviderError.of("AccessDenied", "not for you"))
        : Effect.succeed({
            ...(Name === undefined ? {} : { nativeId: Name }),
            ...(Name === "known" ? { facts: { accountId: "12" } } : {}),
          }),
    recover: ({ properties: { Name } }) => {
      if (Name === "done")
        return Effect.succeed(Recovered.done({ nativeId: Name, properties: { Name, ThingId: Name } }))
      if (Name === "later") return Effect.succeed(Recovered.inProgress({ requestId: "work on later", nativeId: Name }))
      if (Name === "refused") return Effect.fail(ProviderError.of("AccessDenied", "not for you"))
      return Effect.succeed(Recovered.notStarted)
    },
  })
}

/** A type whose names can be made. */
const Named = defineResource({
  type: "Golden::Of::Named",
  idempotency: "name",
  target,
  properties: Schema.Struct({
    Name: Property.named({
      letters: "any",
      separator: "-",
      maxLength: 80,
      prefix: "q",
      reserved: ["qx"],
      endings: [{ property: "Fifo", value: true, ending: ".fifo" }],
    })(Schema.String),
    Fifo: Property.createOnly(Schema.optionalKey(Schema.Boolean)),
  }),
  create: ({ properties }) => Effect.succeed(Answer.succeeded({ nativeId: properties.Name, properties })),
  read: ({ nativeId }) => Effect.succeed({ Name: nativeId }),
  delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
})

/** Makes a plugin for one conversation. */
export const makePlugin = (conversation: string) =>
  definePlugin({
    name: "golden",
    namespace: "Golden",
    version: "1.0.0",
    types: [conversation === "naming" ? Named : makeThing()],
  })
