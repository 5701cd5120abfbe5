/**
 * The provider: a folder with a JSON file for each thing that is on the board.
 * A note is there at once; a poster takes `settleMillis` to dry.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as JSONSchema from "effect/JSONSchema"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { createHash, randomUUID } from "node:crypto"
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type ErrorCode, type JsonObject, ProviderError, type Recovery } from "./protocol.ts"

export interface Subject {
  readonly operationId: string
  readonly targetConfig: JsonObject
  readonly nativeId?: string
}

/** What a call of the provider came to: its end, or work that goes on. */
export type Answer =
  | { readonly _tag: "Done"; readonly nativeId: string; readonly properties: JsonObject }
  | { readonly _tag: "Accepted"; readonly nativeId: string; readonly requestId: string }

export interface ResourceType {
  readonly capabilities: JsonObject
  readonly create: (request: Subject & { readonly properties: JsonObject }) => Effect.Effect<Answer, ProviderError>
  readonly recover: (request: Subject & { readonly properties: JsonObject }) => Effect.Effect<Recovery, ProviderError>
  readonly read: (request: Subject & { readonly nativeId: string }) => Effect.Effect<Answer, ProviderError>
  readonly update: (
    request: Subject & { readonly nativeId: string; readonly desired: JsonObject },
  ) => Effect.Effect<Answer, ProviderError>
  readonly delete: (request: Subject & { readonly nativeId: string }) => Effect.Effect<Answer, ProviderError>
  readonly status: (request: Subject & { readonly requestId: string }) => Effect.Effect<Answer, ProviderError>
  readonly list: (
    request: Subject & { readonly pageToken?: string; readonly pageSize?: number },
  ) => Effect.Effect<{ readonly nativeIds: ReadonlyArray<string>; readonly nextPageToken?: string }, ProviderError>
}

const fail = (code: ErrorCode, message: string) => Effect.fail(new ProviderError({ code, message }))

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOENT: "NotFound",
  EEXIST: "AlreadyExists",
  EACCES: "AccessDenied",
}

const attempt = <A>(work: () => Promise<A>) =>
  Effect.tryPromise({
    try: work,
    catch: (cause) => {
      const { code = "", message } = cause as NodeJS.ErrnoException
      return new ProviderError({ code: codes[code] ?? "ServiceInternalError", message })
    },
  })

const decoded = <A, I>(schema: Schema.Schema<A, I>, what: string) => {
  const decode = Schema.decodeUnknown(schema, { onExcessProperty: "error" })
  return (value: unknown) =>
    Effect.mapError(
      decode(value),
      (error) =>
        new ProviderError({
          code: "InvalidRequest",
          message: ParseResult.ArrayFormatter.formatErrorSync(error)
            .map(({ message, path }) => [what, ...path, message].join(": "))
            .join("; "),
        }),
    )
}

const Target = Schema.Struct({
  board: Schema.NonEmptyString,
  settleMillis: Schema.optionalWith(Schema.NonNegative, { exact: true }),
})
const targetOf = decoded(Target, "targetConfig")

/** What a file holds: whose create has made the thing, its properties, and from when on it is there. */
const Pinned = Schema.parseJson(
  Schema.Struct({
    operationId: Schema.String,
    properties: Schema.Record({ key: Schema.String, value: Schema.Unknown }),
    readyAt: Schema.Number,
  }),
)
type Pinned = typeof Pinned.Type

const tokenPrefix = "after "

const trait = (...names: ReadonlyArray<string>) =>
  Object.fromEntries(
    ["required", "createOnly", "writeOnly", "opaque", "output", "unordered"].map((name) => [
      name,
      names.includes(name),
    ]),
  )

const make = <A extends JsonObject, I>(options: {
  readonly type: string
  readonly idempotency: "name" | "token"
  readonly properties: Schema.Schema<A, I>
  readonly traits: Readonly<Record<string, ReturnType<typeof trait>>>
  readonly output: string
  readonly nativeIdOf: (properties: A, operationId: string) => string
}): ResourceType => {
  const propertiesOf = decoded(options.properties, "properties")
  const folderOf = (request: Subject) =>
    Effect.map(targetOf(request.targetConfig), ({ board }) => join(board, options.type.replaceAll("::", ".")))
  const fileOf = (request: Subject, nativeId: string) =>
    Effect.map(folderOf(request), (folder) => join(folder, `${encodeURIComponent(nativeId)}.json`))

  const find = Effect.fn("find")(function* (request: Subject, nativeId: string) {
    const file = yield* fileOf(request, nativeId)
    const text = yield* attempt(() => readFile(file, "utf8"))
    return yield* Effect.orDie(Schema.decode(Pinned)(text))
  })
  const shown = (nativeId: string, { properties }: Pinned) => ({ ...properties, [options.output]: nativeId })

  const answer = (nativeId: string, pinned: Pinned) =>
    Effect.map(Clock.currentTimeMillis, (now): Answer =>
      pinned.readyAt <= now
        ? { _tag: "Done", nativeId, properties: shown(nativeId, pinned) }
        : { _tag: "Accepted", nativeId, requestId: nativeId },
    )

  /** Writes the whole file or none of it; `put` is what makes it the file that is seen. */
  const write = Effect.fn("write")(function* (file: string, pinned: Pinned, put: (draft: string) => Promise<void>) {
    const text = yield* Effect.orDie(Schema.encode(Pinned)(pinned))
    const draft = `${file}.${randomUUID()}`
    yield* attempt(() => writeFile(draft, text))
    yield* attempt(() => put(draft)).pipe(Effect.ensuring(Effect.promise(() => rm(draft, { force: true }))))
  })

  return {
    capabilities: {
      type: options.type,
      idempotency: options.idempotency,
      listable: true,
      recoverable: true,
      targetIdentity: ["board"],
      properties: options.traits,
      schema: JSONSchema.make(options.properties, { target: "jsonSchema2020-12" }),
      targetSchema: JSONSchema.make(Target, { target: "jsonSchema2020-12" }),
    },
    create: Effect.fn("create")(function* (request) {
      const properties = yield* propertiesOf(request.properties)
      const { settleMillis = 0 } = yield* targetOf(request.targetConfig)
      const nativeId = options.nativeIdOf(properties, request.operationId)
      const folder = yield* folderOf(request)
      const file = yield* fileOf(request, nativeId)
      yield* attempt(() => mkdir(folder, { recursive: true }))
      const readyAt = options.idempotency === "name" ? 0 : (yield* Clock.currentTimeMillis) + settleMillis
      const wanted: Pinned = { operationId: request.operationId, properties, readyAt }
      // A link is made for one of those who come at the same time, and for nobody after.
      const made = yield* Effect.either(write(file, wanted, (draft) => link(draft, file)))
      if (made._tag === "Left" && made.left.code !== "AlreadyExists") return yield* made.left
      const present = yield* find(request, nativeId)
      if (present.operationId !== request.operationId) {
        return yield* fail("AlreadyExists", `Another operation has made ${nativeId}`)
      }
      return yield* answer(nativeId, present)
    }),
    recover: Effect.fn("recover")(function* (request) {
      const nativeId = options.nativeIdOf(yield* propertiesOf(request.properties), request.operationId)
      const present = yield* find(request, nativeId).pipe(
        Effect.map(Option.some),
        Effect.catchIf(
          ({ code }) => code === "NotFound",
          () => Effect.succeedNone,
        ),
      )
      if (Option.isNone(present) || present.value.operationId !== request.operationId) {
        return { status: "NotStarted" } as const
      }
      const answered = yield* answer(nativeId, present.value)
      return answered._tag === "Done"
        ? ({ status: "Done", nativeId, properties: answered.properties } as const)
        : ({ status: "InProgress", nativeId, requestId: answered.requestId } as const)
    }),
    read: Effect.fn("read")(function* (request) {
      const present = yield* find(request, request.nativeId)
      return { _tag: "Done", nativeId: request.nativeId, properties: shown(request.nativeId, present) } as const
    }),
    update: Effect.fn("update")(function* (request) {
      const desired: JsonObject = yield* propertiesOf(request.desired)
      const present = yield* find(request, request.nativeId)
      for (const [name, traits] of Object.entries(options.traits)) {
        if (traits["createOnly"] === true && desired[name] !== present.properties[name]) {
          return yield* fail("NotUpdatable", `${name} cannot be changed after create`)
        }
      }
      const changed: Pinned = { ...present, properties: desired }
      const file = yield* fileOf(request, request.nativeId)
      yield* write(file, changed, (draft) => rename(draft, file))
      return { _tag: "Done", nativeId: request.nativeId, properties: shown(request.nativeId, changed) } as const
    }),
    delete: Effect.fn("delete")(function* (request) {
      const file = yield* fileOf(request, request.nativeId)
      yield* attempt(() => rm(file))
      return { _tag: "Done", nativeId: request.nativeId, properties: {} } as const
    }),
    status: Effect.fn("status")(function* (request) {
      return yield* answer(request.requestId, yield* find(request, request.requestId))
    }),
    list: Effect.fn("list")(function* ({ pageSize = 100, pageToken = tokenPrefix, ...request }) {
      if (!pageToken.startsWith(tokenPrefix)) return yield* fail("InvalidRequest", `There is no page ${pageToken}`)
      const folder = yield* folderOf(request)
      const files = yield* attempt(() => readdir(folder)).pipe(
        Effect.catchIf(
          ({ code }) => code === "NotFound",
          () => Effect.succeed([]),
        ),
      )
      const after = pageToken.slice(tokenPrefix.length)
      const names = files.filter((file) => file.endsWith(".json") && file > after).toSorted()
      const nativeIds = names.slice(0, pageSize).map((file) => decodeURIComponent(file.slice(0, -".json".length)))
      return names.length > pageSize
        ? { nativeIds, nextPageToken: `${tokenPrefix}${names[pageSize - 1]}` }
        : { nativeIds }
    }),
  }
}

const note = make({
  type: "Board::Wall::Note",
  idempotency: "name",
  properties: Schema.Struct({ Name: Schema.NonEmptyString, Text: Schema.NonEmptyString }),
  traits: { Name: trait("required", "createOnly"), Text: trait("required"), NoteId: trait("output") },
  output: "NoteId",
  nativeIdOf: ({ Name }) => Name,
})

const poster = make({
  type: "Board::Wall::Poster",
  idempotency: "token",
  properties: Schema.Struct({
    Title: Schema.NonEmptyString,
    Text: Schema.optionalWith(Schema.NonEmptyString, { exact: true }),
  }),
  traits: { Title: trait("required", "createOnly"), Text: trait(), PosterId: trait("output") },
  output: "PosterId",
  nativeIdOf: (_, operationId) => `poster-${createHash("sha256").update(operationId).digest("hex").slice(0, 16)}`,
})

export const types: ReadonlyMap<string, ResourceType> = new Map([
  ["Board::Wall::Note", note],
  ["Board::Wall::Poster", poster],
])
