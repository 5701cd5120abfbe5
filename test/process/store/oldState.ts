/** Brings a state that an earlier formae wrote into the folder of a test. */
import * as fs from "node:fs"
import { hostname } from "node:os"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"

const states = fileURLToPath(new URL("../../fixtures/states", import.meta.url))

/** Copies the state `name` of `version` and what belongs to it into the present folder of a test. `at` gives a path in it. */
export const bringOldState = (version: string, name: string, at: (file: string) => string): void => {
  const source = join(states, version, name)
  for (const file of fs.readdirSync(source)) {
    const target = at(file.startsWith("state.db") ? join(".formae", file) : file)
    fs.mkdirSync(dirname(target), { recursive: true })
    fs.copyFileSync(join(source, file), target)
    if (file.startsWith("state.db")) fs.chmodSync(target, 0o600)
  }
  nameMachine(at(".formae/state.db"), fs.realpathSync(at(".")))
}

/** Puts this machine where the file has placeholders. These tables are those of 0.1.0. */
const nameMachine = (file: string, folder: string): void => {
  const state = new DatabaseSync(file)
  state.prepare("UPDATE command_lock SET host = ? WHERE host = '{{host}}'").run(hostname())
  state.prepare("UPDATE operations SET native_id = REPLACE(native_id, '{{folder}}', ?)").run(folder)
  state
    .prepare(
      "UPDATE resources SET native_id = REPLACE(native_id, '{{folder}}', ?1), actual = REPLACE(actual, '{{folder}}', ?1)",
    )
    .run(folder)
  state.close()
}
