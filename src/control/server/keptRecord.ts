/**
 * What is kept of the record of a command: all but what a plugin has printed,
 * which may have a secret in it. That is told to who waits for the command, and
 * is in the log of the agent.
 */
import { messageWithoutOutput } from "../../agent/launch/PluginStartFailed.ts"
import type { ApiRecord } from "../api/ApiCommand.ts"
import type { ApiFailure } from "../api/ApiFailure.ts"

const errorToKeep = (error: ApiFailure): ApiFailure => {
  const { facts, message } = error
  if (facts?.["output"] === undefined) return { ...error, message: messageWithoutOutput(message) }
  return { ...error, message: messageWithoutOutput(message), facts: { ...facts, output: [] } }
}

/** The record without what plugins have printed. */
export const recordToKeep = ({ error, result, ...record }: ApiRecord): ApiRecord => ({
  ...record,
  ...(error === undefined ? {} : { error: errorToKeep(error) }),
  ...(result === undefined
    ? {}
    : {
        result: {
          ...result,
          ...(result.error === undefined ? {} : { error: errorToKeep(result.error) }),
          resources: result.resources.map((one) =>
            one.error === null
              ? one
              : { ...one, error: { ...one.error, message: messageWithoutOutput(one.error.message) } },
          ),
        },
      }),
})
