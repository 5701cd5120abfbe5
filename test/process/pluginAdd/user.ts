/** A user without a package.json, a registry, and plugins that are published in it. */
import * as Effect from "effect/Effect"
import { execFile, execFileSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pluginsFolder } from "../../bundles/folders.ts"
import { main, makeFolder } from "../formaeCommand.ts"
import { makeRegistry } from "./loopbackRegistry.ts"

export const network = `targets:
  fake: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: us-east-1 } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: fake, properties: { CidrBlock: 10.0.0.0/16 } }
`

export interface PackageOptions {
  readonly name?: string
  /** Instead of the field that makes it a plugin. */
  readonly fields?: object
  /** Fields of its manifest that differ. */
  readonly manifest?: object
  /** More files of it, by their paths in the package. */
  readonly files?: Readonly<Record<string, string>>
}

export const cloud = "@some/cloud-plugin"

export const makeUser = Effect.gen(function* () {
  const folder = yield* makeFolder
  const registry = yield* makeRegistry
  const { at, write } = folder
  mkdirSync(at("work"))
  const environment = {
    HOME: at("home"),
    XDG_DATA_HOME: at("data"),
    npm_config_cache: at("cache"),
    npm_config_registry: registry.url,
    npm_config_fetch_retries: "0",
    npm_config_update_notifier: "false",
    // Users have settings of their own.
    npm_config_omit_lockfile_registry_resolved: "true",
    npm_config_package_lock: "false",
  }
  const added = at("data/formae/added-plugins")

  /** A tarball of a plugin that serves what FakeAWS serves. Versions from 1.0.0 on are higher than the one that comes with formae. */
  const pack = (version: string, { fields, files: more = {}, manifest, name = cloud }: PackageOptions = {}): string => {
    const built = `packages/${name.replace("/", "+")}-${version}`
    const files = `${built}/package`
    cpSync(join(pluginsFolder, "fake-aws"), at(`${files}/dist`), { recursive: true })
    const original = JSON.parse(readFileSync(at(`${files}/dist/formae-plugin.json`), "utf8"))
    write(`${files}/dist/formae-plugin.json`, JSON.stringify({ ...original, version, ...manifest }))
    for (const [path, text] of Object.entries(more)) write(`${files}/${path}`, text)
    const own = fields ?? { formae: { plugin: "./dist/formae-plugin.json" } }
    const scripts = { postinstall: `echo ran > ${at("script-ran")}` }
    write(`${files}/package.json`, JSON.stringify({ name, version, scripts, ...own }))
    const file = at(`${built}.tgz`)
    execFileSync("tar", ["-czf", file, "-C", at(built), "package"])
    return file
  }

  return {
    ...folder,
    registry,
    environment,
    added,
    pack,
    publish: (version: string, options: PackageOptions = {}) =>
      registry.publish(options.name ?? cloud, version, pack(version, options)),
    /** Runs the command in an empty folder. */
    formae: folder.formaeAs({}, environment, "work"),
    formaeWith: (more: NodeJS.ProcessEnv) => folder.formaeAs({}, { ...environment, ...more }, "work"),
    /** Starts the command there, and gives its process. */
    start: (...args: ReadonlyArray<string>) =>
      Effect.acquireRelease(
        Effect.sync(() => {
          const child = execFile(process.execPath, [main, ...args], {
            cwd: at("work"),
            env: { ...process.env, ...environment },
          })
          return { child, ended: new Promise<void>((resolve) => child.once("exit", () => resolve())) }
        }),
        ({ child, ended }) =>
          Effect.promise(() => {
            child.kill("SIGKILL")
            return ended
          }),
      ),
    /** The folders of the versions that are there. */
    versions: (): ReadonlyArray<string> =>
      existsSync(added)
        ? readdirSync(added)
            .filter((name) => name.includes("@"))
            .map((name) => name.replace(/-[^-]*$/, ""))
            .toSorted()
        : [],
    /** The files of the version that is there. */
    versionFolder: (version: string): string => {
      const name = readdirSync(added).find((one) => one.includes(`@${version}-`)) ?? ""
      return join(added, name)
    },
    all: (): ReadonlyArray<string> => readdirSync(added),
    lock: () => JSON.parse(readFileSync(join(added, "lock.json"), "utf8")),
    writeWork: (file: string, text: string) => writeFileSync(at(`work/${file}`), text),
  }
})

export type User = Effect.Success<typeof makeUser>
