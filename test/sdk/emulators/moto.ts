/** `moto_server`: S3 with tags and versioning, and the other services. It is a Python program that may not be installed. */
import { spawnSync } from "node:child_process"
import { createServer } from "node:http"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as ChildProcess from "effect/process/ChildProcess"
import { needs } from "../../needs.ts"
import type { Emulator } from "./Emulator.ts"
import { listenOnFreePort } from "./listenOnFreePort.ts"

/** It has no `--version`, and takes half a second to say so: it is only looked for. */
export const needsMoto = needs("moto_server", spawnSync("sh", ["-c", "command -v moto_server"]).status === 0)

const startMoto = Effect.gen(function* () {
  const port = yield* Effect.scoped(listenOnFreePort(createServer()))
  const endpoint = `http://127.0.0.1:${port}`
  // Without pipes no output has to be read.
  const started = yield* ChildProcess.make("moto_server", ["-H", "127.0.0.1", "-p", `${port}`], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    forceKillAfter: "2 seconds",
  })
  const answered = HttpClient.get(`${endpoint}/moto-api/data.json`).pipe(
    Effect.flatMap(HttpClientResponse.filterStatusOk),
    Effect.retry(Schedule.spaced("100 millis").pipe(Schedule.upTo({ duration: "30 seconds" }))),
    Effect.scoped,
  )
  // It ends at once if somebody else has taken the port.
  const ended = Effect.flatMap(started.exitCode, (code) => Effect.fail(`moto_server ended with ${code}`))
  yield* Effect.raceFirst(answered, ended)
  return { endpoint } satisfies Emulator
})

/** Between the look for a free port and its use, another process may take it. */
export const moto = Effect.retry(startMoto, { times: 3 })
