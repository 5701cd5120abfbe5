import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { formatTime } from "../../protocol/formatTime.ts"
import { badInput } from "../CommandFailure.ts"
import { formatTable } from "../formatTable.ts"
import { fileExists } from "../InputFile.ts"
import { printJson, printLast, stdoutWidth } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { readFoundFile } from "../config/configurationFile.ts"
import { findFileIn } from "../config/findPlaces.ts"
import { readProject } from "../project/Project.ts"
import { json } from "../SharedFlags.ts"
import { configuredSupplies, usesAll } from "../trust/configuredSupplies.ts"
import { documentSupplies } from "../trust/documentSupplies.ts"
import { packageSupplies } from "../trust/packageSupplies.ts"
import { pluginSupplies } from "../trust/pluginSupplies.ts"
import { questionLines } from "../trust/questionLines.ts"
import { stateSupply } from "../trust/stateSupply.ts"
import { Trust } from "../trust/Trust.ts"
import { trustFailure } from "../trust/trustFailure.ts"
import { textFlag } from "../textFlag.ts"

const directory = Argument.String("dir").pipe(
  Argument.withDescription("The folder to trust, with what it supplies now"),
  Argument.optional,
)

const list = Flag.Boolean("list").pipe(Flag.withDescription("List the folders that you trust"), Flag.withDefault(false))

const revoke = textFlag("revoke").pipe(
  Flag.withMetavar("DIR"),
  Flag.withDescription("Trust this folder no longer"),
  Flag.optional,
)

const emptyResult = { command: "trust", status: "succeeded" } as const

const grantTo = Effect.fnUntraced(function* (directory: string, json: boolean) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const trust = yield* Trust
  const folder = yield* Effect.mapError(fs.realPath(directory), () =>
    badInput("TrustedFolderMissing", `There is no such folder to trust: ${directory}`),
  )
  const place = yield* findFileIn(folder)
  const isProject = yield* fileExists(path.join(folder, "package.json"))
  const supplies = [
    ...(place === undefined ? [] : yield* configuredSupplies(yield* readFoundFile(place), usesAll)),
    ...(isProject ? yield* packageSupplies(yield* readProject(folder)) : []),
    ...(yield* pluginSupplies(folder)),
    ...(yield* stateSupply(folder)),
    ...(yield* documentSupplies(folder)),
  ]
  const examined = yield* Effect.mapError(trust.grant({ folder, supplies }), trustFailure)
  if (json) {
    const trusted = supplies.map(({ kind, path, title }) => ({ kind, path, title }))
    return yield* printJson({ ...emptyResult, folders: [{ folder, supplies: trusted }] })
  }
  yield* supplies.length === 0
    ? printLast(
        `The folder ${folder} supplies neither plugins, a state nor a configuration, and no document that reads variables or files, so there is nothing to trust. Nothing was changed`,
      )
    : printLast(`The folder ${folder} is trusted, with`, ...(yield* questionLines(examined)))
})

const revokeFrom = Effect.fnUntraced(function* (directory: string, json: boolean) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const trust = yield* Trust
  // A folder that was removed can be revoked too.
  const folder = yield* Effect.orElseSucceed(fs.realPath(directory), () => path.resolve(directory))
  if (!(yield* Effect.mapError(trust.revoke(folder), trustFailure))) {
    return yield* badInput("FolderNotTrusted", `The folder ${folder} was not trusted. Nothing was changed`)
  }
  yield* json ? printJson({ ...emptyResult, folders: [] }) : printLast(`The folder ${folder} is not trusted any more`)
})

const trustedColumns = [
  { title: "folder", shrink: "cut" },
  "supplies",
  { title: "path", shrink: "cut" },
  "trusted at",
] as const

const listAll = Effect.fnUntraced(function* (json: boolean) {
  const trust = yield* Trust
  const records = yield* Effect.mapError(trust.list, trustFailure)
  if (json) {
    return yield* printJson({
      ...emptyResult,
      folders: records.map(({ folder, since, supplies }) => ({
        folder,
        since,
        supplies: supplies.map(({ kind, path }) => ({ kind, path })),
      })),
    })
  }
  const rows = records.flatMap(({ folder, since, supplies }) =>
    supplies.map(({ kind, path }) => [folder, kind, path, formatTime(since)]),
  )
  yield* printLast(
    ...(rows.length === 0 ? ["No folder is trusted"] : formatTable(trustedColumns, rows, yield* stdoutWidth)),
  )
})

export const trust = Command.make("trust", { directory, list, revoke, json }, (flags) =>
  Effect.gen(function* () {
    const asked = [Option.isSome(flags.directory), flags.list, Option.isSome(flags.revoke)].filter(Boolean)
    if (asked.length !== 1) {
      return yield* badInput("FolderMissing", "Name one folder to trust, or use --list, or --revoke DIR")
    }
    if (flags.list) return yield* listAll(flags.json)
    yield* Option.match(flags.revoke, {
      onSome: (folder) => revokeFrom(folder, flags.json),
      onNone: () =>
        grantTo(
          Option.getOrElse(flags.directory, () => "."),
          flags.json,
        ),
    })
  }).pipe(withJsonError(flags.json, "trust")),
).pipe(
  Command.withDescription(
    "Say yes to what a folder supplies now, such as one that you have cloned: plugins, a state, a configuration, and documents that read variables or files. Shows and remembers it. If some of it changes later, you are asked again",
  ),
  Command.withExamples([
    { command: "formae trust .", description: "Trust what is in this folder now" },
    { command: "formae trust --list", description: "List what you trust" },
    { command: "formae trust --revoke .", description: "Trust this folder no longer" },
  ]),
)
