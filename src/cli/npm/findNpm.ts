/** The npm of this user. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { pathDelimiter } from "../../platform/paths.ts"
import { isWindows, thisPlatform } from "../../platform/Platform.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"

/** What a process knows of the programs that it can start. */
export interface ProgramFacts {
  /** The Node that runs. */
  readonly node: string
  readonly path: string
  readonly platform: string
}

export const ProgramFacts = Context.Reference<ProgramFacts>("formae/cli/npm/ProgramFacts", {
  defaultValue: () => ({
    node: process.execPath,
    path: process.env["PATH"] ?? process.env["Path"] ?? "",
    platform: thisPlatform,
  }),
})

export interface Program {
  readonly command: string
  readonly args: ReadonlyArray<string>
}

/** Where npm may be: beside the Node that runs, and then on the PATH, but not in what the current folder supplies. */
export const npmCandidates = (
  path: Path.Path,
  { node, path: list, platform }: ProgramFacts,
): ReadonlyArray<{ readonly file: string; readonly program: Program }> => {
  const script = path.join("node_modules", "npm", "bin", "npm-cli.js")
  const byNode = (file: string) => ({ file, program: { command: node, args: [file] } })
  const beside = path.dirname(node)
  const folders = list.split(pathDelimiter(platform)).filter((folder) => path.isAbsolute(folder))
  return [
    byNode(path.join(beside, script)),
    byNode(path.join(beside, "..", "lib", script)),
    ...folders.map((folder) => {
      // What is named npm there is a program of the shell on Windows.
      if (isWindows(platform)) return byNode(path.join(folder, script))
      const file = path.join(folder, "npm")
      return { file, program: { command: file, args: [] } }
    }),
  ]
}

/** Fails where there is none. */
export const findNpm = Effect.gen(function* (): Effect.fn.Return<
  Program,
  CommandFailure,
  FileSystem.FileSystem | Path.Path
> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  for (const { file, program } of npmCandidates(path, yield* ProgramFacts)) {
    const isThere = yield* Effect.match(fs.stat(file), {
      onFailure: () => false,
      onSuccess: ({ type }) => type === "File",
    })
    if (isThere) return program
  }
  return yield* badInput(
    "NpmMissing",
    "There is no npm beside the Node that runs formae, nor on the PATH. Install it, for example with Node from nodejs.org, and try again",
  )
})
