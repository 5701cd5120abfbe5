/** A folder for a test of the gate, and the services that it works with. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { ThisUser, thisUserOf } from "../../../src/cli/trust/ThisUser.ts"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"

export const files = Layer.merge(NodeFileSystem.layer, NodePath.layer)

export const makeFolder = Effect.map(temporaryFolder, (folder) => {
  const at = (file: string) => join(folder, file)
  const write = (file: string, text: string | Uint8Array) => {
    mkdirSync(dirname(at(file)), { recursive: true })
    writeFileSync(at(file), text)
  }
  /** The user of this process, with what is remembered in this folder. */
  const layer = Layer.merge(
    files,
    Layer.succeed(
      ThisUser,
      thisUserOf({ environment: { XDG_STATE_HOME: at("user") }, uid: process.geteuid?.(), platform: process.platform }),
    ),
  )
  return { at, write, layer }
})
