/** What the methods of the agent send to the API. */
import * as Schema from "effect/Schema"
import type { CommandOptions } from "../../agent/commands/CommandOptions.ts"
import type { Forma } from "../../agent/forma/Forma.ts"
import type { ImportOptions } from "../../agent/commands/Importing.ts"
import type { ThingToImport } from "../../agent/commands/ImportRefused.ts"
import { caredFor, type DestroyedForma } from "../../agent/plan/DestroyedForma.ts"
import type { ApiCommand } from "../api/ApiCommand.ts"
import { thingsToApi } from "../mapping/importing.ts"
import { documentToApi, resourceToApi } from "../mapping/models.ts"

/** The name of a resource as the API takes it. */
export const nameOf = ({ forma, label }: { readonly label: string; readonly forma?: string | undefined }) => ({
  label,
  ...(forma === undefined ? {} : { forma }),
})
/** What a command does while another one has what it needs. */
export const inUseOf = ({ whenInUse }: CommandOptions) => (whenInUse === undefined ? {} : { whenInUse })
/** What it is limited to. */
export const onlyOf = ({ only }: CommandOptions) => (only === undefined ? {} : { only })
const acceptDriftOf = ({ acceptDrift }: CommandOptions) => (acceptDrift === undefined ? {} : { acceptDrift })
const confirmOf = ({ confirm }: CommandOptions) => (confirm === undefined ? {} : { confirm: true })
/** Where a document was read. */
export const sourceOf = (document: CommandOptions["document"]) =>
  document === undefined ? {} : { document: documentToApi(document) }

/** A forma that is decoded is JSON. */
export const jsonOf = Schema.decodeUnknownSync(Schema.Record(Schema.String, Schema.Json))

/** The request of an apply. */
export const applyOf = (forma: Forma, options: CommandOptions): ApiCommand => ({
  command: "apply",
  forma: jsonOf(forma),
  ...sourceOf(options.document),
  ...confirmOf(options),
  ...onlyOf(options),
  ...inUseOf(options),
  ...acceptDriftOf(options),
  ...(options.expected === undefined ? {} : { expected: options.expected.map(resourceToApi) }),
  ...(options.expectedOutputs === undefined ? {} : { expectedOutputs: options.expectedOutputs }),
})

/** A forma with the targets by which it is reached. */
export const reachedOf = ({ name, targets }: DestroyedForma) =>
  jsonOf({ name, ...(targets === undefined ? {} : { targets }) })

/** The same with the care that its document says. */
const destroyedOf = (forma: DestroyedForma) => {
  const resources = caredFor(forma)
  const { moved = [] } = forma
  return {
    ...reachedOf(forma),
    ...(resources.length === 0 ? {} : jsonOf({ resources, ...(moved.length === 0 ? {} : { moved }) })),
  }
}

/** The request of a destroy. */
export const destroyOf = (forma: string | DestroyedForma, options: CommandOptions): ApiCommand => ({
  command: "destroy",
  forma: typeof forma === "string" ? { name: forma } : destroyedOf(forma),
  ...sourceOf(options.document),
  ...confirmOf(options),
  ...acceptDriftOf(options),
  ...onlyOf(options),
  ...inUseOf(options),
})

/** The request of an import. */
export const importOf = (
  forma: Forma,
  things: ReadonlyArray<ThingToImport>,
  { isWritten, ...options }: ImportOptions,
): ApiCommand => ({
  command: "import",
  forma: jsonOf(forma),
  things: thingsToApi(things),
  ...sourceOf(options.document),
  ...inUseOf(options),
  ...(isWritten === undefined ? {} : { isWritten }),
})
