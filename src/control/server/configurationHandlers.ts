/** What the API does with the configuration of its agent. */
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Configuration } from "../../agent/configuration/Configuration.ts"
import { effectiveSettings } from "../../agent/configuration/effectiveSettings.ts"
import { describeOrigin } from "../../agent/configuration/Setting.ts"
import { shownData } from "../../agent/configuration/shownValue.ts"
import { CurrentCaller } from "../api/Access.ts"
import { Denied, NotFound, Refused } from "../api/ApiFailure.ts"
import { ControlApi } from "../api/ControlApi.ts"
import { schemaVersion } from "../api/version.ts"

const none = new NotFound({
  schemaVersion,
  code: "ConfigurationFixed",
  message: "This agent has a configuration that cannot be read or changed while it runs",
})

const notOwner = new Denied({
  schemaVersion,
  code: "ConfigurationNotYours",
  message: "The configuration is changed only on the socket of the agent's own user",
})

const asJson = Schema.decodeUnknownSync(Schema.Json)

/** The group of the configuration. Its service is there in an agent that reads one. */
export const configurationHandlers = HttpApiBuilder.group(
  ControlApi,
  "configuration",
  Effect.fnUntraced(function* (handlers) {
    const found = Option.getOrUndefined(yield* Effect.serviceOption(Configuration))
    return handlers.handleAll({
      holds: Effect.fnUntraced(function* () {
        if (found === undefined) return yield* none
        const settings = effectiveSettings(yield* found.current)
        return {
          schemaVersion,
          settings: settings.map(({ origin, path, value }) => ({
            path,
            value: asJson(shownData(path, value)),
            from: describeOrigin(origin),
          })),
        }
      }),
      set: Effect.fnUntraced(function* ({ payload }) {
        const { isOwner, name } = yield* CurrentCaller
        if (!isOwner) return yield* notOwner
        if (found === undefined) return yield* none
        const changed = yield* Effect.mapError(
          found.set(payload.configuration, `the API (${name})`),
          ({ _tag: code, lines, message }) => new Refused({ schemaVersion, code, message, facts: { lines } }),
        )
        return { schemaVersion, changed }
      }),
    })
  }),
)
