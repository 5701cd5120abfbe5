/** __namespace__::Disk::TextFile: a text file in the folder that its target names. */
import { Answer, defineResource, Property, ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"

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

const FileName = Schema.String.check(
  Schema.isPattern(/^[\w-][\w.-]*$/u, { message: "Expected a file name of letters, digits, dots, dashes" }),
)

/** A file as the provider has it. Its native id is its path. */
const stateOf = (path: string, name: string, Content: string) => ({
  nativeId: path,
  properties: { Name: name, Content, Path: path },
})

/** Writes the whole file or nothing, because the plugin may be killed at any moment. */
const writeWhole = (path: string, content: string) =>
  attempt(async () => {
    const draft = join(dirname(path), `.${basename(path)}.new`)
    await writeFile(draft, content)
    await rename(draft, path)
  })

const filesPerPage = 100

export const TextFile = defineResource({
  type: "__namespace__::Disk::TextFile",
  target: Schema.Struct({
    /** Says where files live: a file in another folder is another file. */
    folder: Property.identity(Schema.NonEmptyString),
  }),
  properties: Schema.Struct({
    Name: Property.createOnly(FileName),
    Content: Schema.String,
    Path: Property.output(Schema.String),
  }),
  // The native id follows from the properties: a create that is sent twice finds the file that it made.
  idempotency: "name",

  create: Effect.fnUntraced(function* ({ properties: { Content, Name }, target: { folder } }) {
    const path = join(resolve(folder), Name)
    const present = yield* Effect.result(attempt(() => readFile(path, "utf8")))
    if (present._tag === "Failure" && present.failure.code !== "NotFound") return yield* present.failure
    if (present._tag === "Success" && present.success !== Content) {
      return yield* ProviderError.of("AlreadyExists", `${path} already exists with different content`)
    }
    yield* attempt(() => mkdir(resolve(folder), { recursive: true }))
    yield* writeWhole(path, Content)
    return Answer.succeeded(stateOf(path, Name, Content))
  }),

  read: Effect.fnUntraced(function* ({ nativeId }) {
    return stateOf(nativeId, basename(nativeId), yield* attempt(() => readFile(nativeId, "utf8"))).properties
  }),

  update: Effect.fnUntraced(function* ({ desired: { Content, Name }, nativeId }) {
    yield* writeWhole(nativeId, Content)
    return Answer.succeeded(stateOf(nativeId, Name, Content))
  }),

  delete: Effect.fnUntraced(function* ({ nativeId }) {
    yield* attempt(() => rm(nativeId))
    return Answer.deleted(nativeId)
  }),

  // A path means one file, whatever folder the target names.
  identify: ({ properties: { Name }, target: { folder } }) =>
    Effect.succeed({ place: "files", nativeId: Name === undefined ? undefined : join(resolve(folder), Name) }),

  list: Effect.fnUntraced(function* ({ pageSize = filesPerPage, pageToken, target: { folder } }) {
    if (pageToken !== undefined && !/^\d+$/.test(pageToken)) {
      return yield* ProviderError.of("InvalidRequest", `There is no page ${pageToken}`)
    }
    const names = yield* attempt(() => readdir(resolve(folder))).pipe(
      Effect.catch((error) => (error.code === "NotFound" ? Effect.succeed([]) : Effect.fail(error))),
    )
    const from = Number(pageToken ?? 0)
    const files = names.filter((name) => !name.startsWith(".")).toSorted()
    const page = files.slice(from, from + pageSize)
    return Answer.page({
      nativeIds: page.map((name) => join(resolve(folder), name)),
      nextPageToken: from + pageSize < files.length ? `${from + pageSize}` : undefined,
    })
  }),
})
