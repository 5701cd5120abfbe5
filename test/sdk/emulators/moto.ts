/** `moto_server`: S3 with tags and versioning, and the other services. It is a Python program that may not be installed. */
import { spawn, spawnSync } from "node:child_process"
import { createServer } from "node:http"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { needs } from "../../needs.ts"
import type { Emulator } from "./Emulator.ts"
import { listenOnFreePort } from "./listenOnFreePort.ts"
import { makeNew } from "./motoApi.ts"

/** It has no `--version`, and takes half a second to say so: it is only looked for. */
export const needsMoto = needs("moto_server", spawnSync("sh", ["-c", "command -v moto_server"]).status === 0)

/** Its stdin ends with the process that has started it, however that one ends, and then it ends too. */
const untilInputEnds = `
exec 3<&0
moto_server -H 127.0.0.1 -p "$0" 3<&- & moto=$!
{ cat <&3; kill $moto; } & exec 3<&-
wait $moto`

const startMoto = Effect.gen(function* () {
  const port = yield* Effect.scoped(listenOnFreePort(createServer()))
  const endpoint = `http://127.0.0.1:${port}`
  // Without pipes no output has to be read.
  const child = yield* Effect.sync(() =>
    spawn("sh", ["-c", untilInputEnds, `${port}`], { stdio: ["pipe", "ignore", "ignore"] }),
  )
  child.unref()
  const answered = HttpClient.get(`${endpoint}/moto-api/data.json`).pipe(
    Effect.flatMap(HttpClientResponse.filterStatusOk),
    Effect.retry(Schedule.spaced("100 millis").pipe(Schedule.upTo({ duration: "30 seconds" }))),
    Effect.scoped,
    Effect.provide(FetchHttpClient.layer),
  )
  // It ends at once if somebody else has taken the port.
  const ended = Effect.callback<never, string>((resume) => {
    child.once("exit", (code) => resume(Effect.fail(`moto_server ended with ${code}`)))
  })
  yield* Effect.raceFirst(answered, ended).pipe(Effect.onError(() => Effect.sync(() => child.stdin.end())))
  return { endpoint } satisfies Emulator
})

let running: Promise<Emulator> | undefined

/** Between the look for a free port and its use, another process may take it. */
const runMoto = Effect.promise(() => (running ??= Effect.runPromise(Effect.retry(startMoto, { times: 3 }))))

/** A moto with nothing in it. A process has one, which takes seconds to start and to load each of its services: a user has it until the next one asks. */
export const moto = Effect.tap(runMoto, (emulator) => Effect.orDie(makeNew(emulator)))
