/** What an agent does with things that exist and are in no document. */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Forma } from "../forma/Forma.ts"
import type { CommandResult } from "./CommandResult.ts"
import type { Discovered } from "./Discovered.ts"
import { type DiscoverError, type DiscoverOptions, makeDiscovery } from "./Discovery.ts"
import type { DraftedResource } from "./DraftedResource.ts"
import { makeImportDraft } from "./ImportDraft.ts"
import { type ImportError, type ImportOptions, makeImporting } from "./Importing.ts"
import type { ThingToImport } from "./ImportRefused.ts"

/** The methods of an agent by which things that exist are found, and taken into documents. */
export interface AgentImports {
  /**
   * Lists what exists at the targets that are given, or else at those of the
   * inventory, and that no document of the state owns. Lists are read page by
   * page, a few of them side by side. One that fails is a finding, and ends no
   * other. Changes nothing. Fails with `NamespaceUnknown` where
   * neither a target nor a plugin has the namespace of a type, and with another
   * `DiscoverError` where the state cannot be read.
   */
  readonly discover: (options?: DiscoverOptions) => Stream.Stream<Discovered, DiscoverError>
  /**
   * Reads things that exist, and says how the document of the forma could state
   * them: with references to its resources, without secrets, and without what
   * the provider sets by itself. Changes nothing. Fails with `ImportRefused`
   * where one of them cannot be imported, and with `ChangeFailed` where it
   * cannot be read.
   */
  readonly draftImport: (
    forma: Forma,
    things: ReadonlyArray<ThingToImport>,
  ) => Effect.Effect<ReadonlyArray<DraftedResource>, ImportError>
  /**
   * Takes things that exist into the state, as the resources that the forma has
   * under their labels: all of them, or none. Creates and changes nothing at a
   * provider. What is there already as that is no mistake, so an import that
   * was cut off is finished by the same one. Fails as `draftImport`, and with
   * `FormaInvalid` where the forma has a mistake.
   */
  readonly import: (
    forma: Forma,
    things: ReadonlyArray<ThingToImport>,
    options?: ImportOptions,
  ) => Effect.Effect<CommandResult, ImportError>
}

export const makeImports = Effect.gen(function* () {
  return { discover: yield* makeDiscovery, draftImport: yield* makeImportDraft, import: yield* makeImporting }
})
