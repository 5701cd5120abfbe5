/** The password for a state on Postgres, from where the programs of Postgres take theirs. It is in no argument and in no configuration. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import { HostEnvironment, Store } from "../../agent/index.ts"
import { within } from "../../platform/paths.ts"
import { ThisUser } from "../trust/ThisUser.ts"
import { type PasswordFor, passwordIn } from "./passFile.ts"

const defaultPort = "5432"

const targetOf = (url: URL, environment: Readonly<Record<string, string | undefined>>): PasswordFor => {
  const role = decodeURIComponent(url.username) || url.searchParams.get("user") || environment["USER"] || ""
  const host = url.searchParams.get("host") ?? url.hostname
  return {
    // As a socket of the system is written in that file.
    host: host === "" ? "localhost" : host,
    port: url.port || (url.searchParams.get("port") ?? defaultPort),
    database: decodeURIComponent(url.pathname.slice(1)) || url.searchParams.get("dbname") || role,
    role,
  }
}

const mayBeReadByOthers = (mode: number): boolean => (mode & 0o077) !== 0

/** The text of the file that `PGPASSFILE` names, or of `~/.pgpass`. Empty where there is none. */
const readPassFile = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const { hasModes, home } = yield* ThisUser
  const file = (yield* HostEnvironment)["PGPASSFILE"] ?? (home === undefined ? undefined : within(home, ".pgpass"))
  if (file === undefined) return ""
  const info = yield* Effect.option(fs.stat(file))
  if (info._tag === "None") return ""
  if (hasModes && mayBeReadByOthers(info.value.mode)) {
    return yield* new Store.FileRefused({
      condition: "WideMode",
      reason: `other users may read the file of passwords ${file}`,
      remedy: `Take their rights away: chmod 600 ${file}`,
    })
  }
  return yield* Effect.orElseSucceed(fs.readFileString(file), () => "")
})

/** The address with the password in it, for the driver. As it is where no password is found: the server may ask for none. */
export const withPassword = Effect.fnUntraced(function* (address: Redacted.Redacted<string>) {
  const url = new URL(Redacted.value(address))
  const environment = yield* HostEnvironment
  const given = environment["PGPASSWORD"]
  const password =
    given === undefined || given === "" ? passwordIn(yield* readPassFile, targetOf(url, environment)) : given
  if (password === undefined) return address
  // A password without a role would not be a part of the URL.
  url.searchParams.set("password", password)
  return Redacted.make(url.href)
})
