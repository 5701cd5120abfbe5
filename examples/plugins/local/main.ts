import { Answer, definePlugin, defineResource, Property, ProviderError, runPlugin } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readFile, rm, writeFile } from "node:fs/promises"
import { resolve } from "node:path"

/** An error code of Node as a code of the protocol. */
const codeOf = (code: string | undefined) =>
  code === "ENOENT" ? "NotFound" : code === "EACCES" ? "AccessDenied" : "GeneralServiceException"

const attempt = <A>(work: () => Promise<A>): Effect.Effect<A, ProviderError> =>
  Effect.tryPromise({
    try: work,
    catch: (cause) => {
      const { code, message } = cause as NodeJS.ErrnoException
      return ProviderError.of(codeOf(code), message)
    },
  })

/** A file as the provider has it. Its native id is its absolute path, so that the agent may run in another folder next time. */
const stateOf = (nativeId: string, Content: string) => ({ nativeId, properties: { Content, AbsolutePath: nativeId } })

const TextFile = defineResource({
  type: "Local::Disk::TextFile",
  properties: Schema.Struct({
    // Write-only, because a read cannot tell whether it was given as a relative or an absolute path.
    Path: Property.createOnly(Property.writeOnly(Schema.NonEmptyString)),
    Content: Schema.String,
    AbsolutePath: Property.output(Schema.String),
  }),
  target: Schema.Struct({}),
  idempotency: "name",
  create: Effect.fnUntraced(function* ({ properties: { Content, Path } }) {
    const path = resolve(Path)
    const present = yield* Effect.result(attempt(() => readFile(path, "utf8")))
    if (present._tag === "Failure" && present.failure.code !== "NotFound") return yield* present.failure
    // A file with the same content comes from an earlier try of this create.
    if (present._tag === "Success" && present.success !== Content) {
      return yield* ProviderError.of("AlreadyExists", `${path} already exists with different content`)
    }
    yield* attempt(() => writeFile(path, Content))
    return Answer.succeeded(stateOf(path, Content))
  }),
  read: Effect.fnUntraced(function* ({ nativeId }) {
    return stateOf(nativeId, yield* attempt(() => readFile(nativeId, "utf8"))).properties
  }),
  update: Effect.fnUntraced(function* ({ desired: { Content }, nativeId }) {
    yield* attempt(() => writeFile(nativeId, Content))
    return Answer.succeeded(stateOf(nativeId, Content))
  }),
  identify: ({ properties: { Path } }) => Effect.succeed(Path === undefined ? {} : { nativeId: resolve(Path) }),
  delete: Effect.fnUntraced(function* ({ nativeId }) {
    yield* attempt(() => rm(nativeId))
    return Answer.deleted(nativeId)
  }),
})

runPlugin(definePlugin({ name: "local", namespace: "Local", version: "1.0.0", types: [TextFile] }))
