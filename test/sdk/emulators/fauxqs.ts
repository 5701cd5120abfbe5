/** S3, SQS and SNS in this process. Its S3 answers 200 to unknown calls, so tags and versioning are ignored. */
import * as Effect from "effect/Effect"
import { startFauxqs } from "fauxqs"
import type { Emulator } from "./Emulator.ts"

export const fauxqs = Effect.acquireRelease(
  Effect.promise(() => startFauxqs({ port: 0, host: "127.0.0.1", logger: false })),
  (server) => Effect.promise(() => server.stop()),
).pipe(Effect.map(({ port }): Emulator => ({ endpoint: `http://127.0.0.1:${port}` })))
