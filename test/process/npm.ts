/** Runs npm as a user does, with the registry that it is configured for. */
import { execFile } from "node:child_process"
import * as fs from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

export const root = fileURLToPath(new URL("../..", import.meta.url))

/** The environment as if no `npm test` were running, with the Node of this test first on the PATH. */
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_(package|lifecycle|config_local)|INIT_CWD|NODE_(?!EXTRA_CA_CERTS))/.test(name),
    ),
  ),
  PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"]}`,
}

const execute = promisify(execFile)

type Variables = Readonly<Record<string, string>>

const run = (program: string, cwd: string, args: ReadonlyArray<string>, variables: Variables = {}) =>
  execute(program, [...args], { cwd, env: { ...environment, ...variables } }).catch((error) => {
    throw new Error(`${error.message}\n${error.stdout}`, { cause: error })
  })
export const npm = (cwd: string, ...args: ReadonlyArray<string>) => run("npm", cwd, args)
export const node = (cwd: string, ...args: ReadonlyArray<string>) => run(process.execPath, cwd, args)
/** The same, with more variables in the environment. */
export const nodeWith = (variables: Variables, cwd: string, ...args: ReadonlyArray<string>) =>
  run(process.execPath, cwd, args, variables)
/** The same, on the Node that is the file `program`. */
export const nodeAt = (program: string, variables: Variables, cwd: string, ...args: ReadonlyArray<string>) =>
  run(program, cwd, args, variables)

/** The words with which a run failed. Throws if it did not. */
export const failureOf = (run: Promise<{ readonly stdout: string }>): Promise<string> =>
  run.then(
    ({ stdout }) => {
      throw new Error(`it did not fail: ${stdout}`)
    },
    (error: unknown) => String(error),
  )

/** A temporary folder, which `afterAll` must remove. */
export const makeFolder = () => fs.mkdtemp(join(tmpdir(), "formae-dependencies-"))

export const removeFolder = (folder: string) => fs.rm(folder, { recursive: true, force: true })

/** Flags with which npm installs what package.json lists, and does nothing else. */
export const quietly = ["--prefer-offline", "--fetch-retries=1", "--ignore-scripts", "--no-audit", "--no-fund"] as const

/** Copies plugins/effect-3 into `folder` and installs it there. */
export const installEffect3 = async (folder: string) => {
  const plugin = join(folder, "effect-3")
  const source = join(root, "plugins", "effect-3")
  await fs.cp(source, plugin, { recursive: true, filter: (file) => basename(file) !== "node_modules" })
  await npm(plugin, "ci", "--omit=optional", ...quietly)
  return plugin
}
