/** The loops of a contestant whose calls are promises. Each answer is checked. */
import { checkLargeProperties, largeProperties } from "../work/LargeProperties.ts"
import { checkAnswer, nextRequest, type ReadRequest } from "../work/Read.ts"
import type { Contestant } from "./Contestant.ts"

export const promiseLoops = (
  read: (request: ReadRequest) => Promise<unknown>,
  create: (properties: unknown) => Promise<unknown>,
): Required<Pick<Contestant, "oneAfterAnother" | "inFlight" | "large">> => {
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
    large: async (calls) => {
      for (let call = 0; call < calls; call++) checkLargeProperties(await create(largeProperties()))
    },
  }
}
