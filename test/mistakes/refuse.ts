/** What a user of the command is told of a mistake, by the code of the command in this process. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { Agent } from "../../src/agent/Agent.ts"
import { HostEnvironment } from "../../src/agent/launch/PluginLauncher.ts"
import { readDocument } from "../../src/cli/DocumentFile.ts"
import { failureIn } from "../../src/cli/documentFailure.ts"
import { layerUnasked } from "../../src/cli/trust/layerUnasked.ts"
import { type Given, mark, type Mistake } from "./Mistake.ts"

const isMarked = (text: string) => text.includes(mark)

const inFolder = (text: string, folder: string) => text.replaceAll("CLOUD", join(folder, "cloud.db"))

/** `folder/file:line:column` of the mark, or what the row names in its place. */
export const placeOf = ({ files, place }: Mistake, folder: string): string => {
  if (place !== undefined) return place.replaceAll("FOLDER", folder)
  const found = Object.entries(files).find(([, text]) => isMarked(text))
  const before =
    inFolder(found?.[1] ?? "", folder)
      .split(mark)[0]
      ?.split("\n") ?? []
  return `${join(folder, found?.[0] ?? "")}:${before.length}:${(before.at(-1)?.length ?? 0) + 1} `
}

const write = (folder: string, files: Mistake["files"]) => {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, inFolder(text, folder).replace(mark, ""))
  }
}

const flagsOf = ({ env, name, parameters = [], set = [] }: Given, folder: string) => ({
  set,
  parameters: parameters.map((file) => join(folder, file)),
  env: Option.fromUndefinedOr(env),
  name: Option.fromUndefinedOr(name),
  // What is piped is in the present folder.
  trust: [folder, "."],
})

/** The lines that the command would print. Empty where nothing is wrong. */
export const refuse = Effect.fnUntraced(function* ({ files, given }: Mistake, folder: string) {
  const agent = yield* Agent
  for (const [name, text] of Object.entries(given.applied ?? {})) {
    write(folder, { [`${name}.yaml`]: text })
    const { forma } = yield* readDocument(join(folder, `${name}.yaml`), flagsOf({}, folder))
    yield* agent.apply(forma)
  }
  write(folder, files)
  const file = given.document === "-" ? "-" : join(folder, given.document ?? "app.yaml")
  const planned = Effect.gen(function* () {
    const document = yield* readDocument(file, flagsOf(given, folder))
    const { only } = given
    return yield* Effect.mapError(agent.plan(document.forma, { only }), failureIn(document))
  })
  return yield* Effect.match(planned, {
    onSuccess: (): ReadonlyArray<string> => [],
    onFailure: ({ lines, message }) => lines ?? [message],
  })
})

/** What the command has from its process. */
export const layerOfProcess = ({ files, given }: Mistake) =>
  Layer.mergeAll(
    layerUnasked,
    Layer.succeed(HostEnvironment, given.variables ?? {}),
    given.document === "-"
      ? Stdio.layerTest({ stdin: Stream.make(new TextEncoder().encode(files["app.yaml"] ?? "")) })
      : Layer.empty,
  ).pipe(Layer.provideMerge(NodeServices.layer))
