/** Brings a state that an earlier formae wrote into the folder of a test. */
import * as fs from "node:fs"
import { hostname } from "node:os"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"

const states = fileURLToPath(new URL("../../fixtures/states", import.meta.url))

/**
 * Copies the state `name` of `version`, its key, and what belongs to it into the
 * folder of a test, in which `at` gives a path. `values` are those of the
 * placeholders, besides `{{host}}` and `{{folder}}`.
 */
export const bringOldState = (
  version: string,
  name: string,
  at: (file: string) => string,
  values: Readonly<Record<string, string>> = {},
): void => {
  const folder = fs.realpathSync(at("."))
  const all = Object.entries({ host: hostname(), folder, ...values })
  const source = join(states, version, name)
  for (const file of fs.readdirSync(source)) {
    const isState = file.startsWith("state.db")
    const target = at(isState ? join(".formae", file) : file)
    fs.mkdirSync(dirname(target), { recursive: true })
    fs.copyFileSync(join(source, file), target)
    if (isState) fs.chmodSync(target, 0o600)
    if (file.endsWith(".yaml")) fs.writeFileSync(target, replaceAll(fs.readFileSync(target, "utf8"), all))
  }
  replaceInState(at(".formae/state.db"), all)
}

type Values = ReadonlyArray<readonly [name: string, value: string]>

const replaceAll = (text: string, values: Values): string =>
  values.reduce((replaced, [name, value]) => replaced.replaceAll(`{{${name}}}`, value), text)

const replaceInState = (file: string, values: Values): void => {
  const state = new DatabaseSync(file)
  for (const table of ["command_lock", "resources", "operations"]) {
    const columns = state.prepare("SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT'").all(table)
    for (const { name: column } of columns) {
      const replace = state.prepare(`UPDATE ${table} SET ${column} = REPLACE(${column}, ?, ?)`)
      for (const [name, value] of values) replace.run(`{{${name}}}`, value)
    }
  }
  state.close()
}
