/** One way to have work done in another process, ready to be asked. */
import { checkLargeProperties, largeProperties } from "../work/LargeProperties.ts"
import { checkAnswer, nextRequest, type ReadRequest } from "../work/Read.ts"

export interface Contestant {
  /** The process that answers. */
  readonly pid: number
  readonly oneAfterAnother: (calls: number) => Promise<void>
  readonly inFlight: (calls: number, atOnce: number) => Promise<void>
  readonly large?: ((calls: number) => Promise<void>) | undefined
  /** Kills the process that answers, and asks until there is an answer again. */
  readonly killAndAsk?: (() => Promise<void>) | undefined
  readonly close: () => Promise<void>
}

/** Starts the process; completes with its first answer. */
export type Start = () => Promise<Contestant>

/** The loops of whoever answers with promises. */
export const loopsOf = (
  read: (request: ReadRequest) => Promise<unknown>,
  create?: (properties: unknown) => Promise<unknown>,
): Pick<Contestant, "oneAfterAnother" | "inFlight" | "large"> => {
  const once = async () => {
    const request = nextRequest()
    checkAnswer(await read(request), request.nativeId)
  }
  const oneAfterAnother = async (calls: number) => {
    for (let call = 0; call < calls; call++) await once()
  }
  return {
    oneAfterAnother,
    inFlight: async (calls, atOnce) => {
      await Promise.all(Array.from({ length: atOnce }, () => oneAfterAnother(Math.ceil(calls / atOnce))))
    },
    ...(create !== undefined && {
      large: async (calls: number) => {
        for (let call = 0; call < calls; call++) checkLargeProperties(await create(largeProperties()))
      },
    }),
  }
}
