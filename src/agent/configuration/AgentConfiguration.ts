/** What can be set for an agent. Every part is optional; ARCHITECTURE.md says where the defaults come from. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SemVerRange from "effect/SemVerRange"
import { parseAddress } from "../../platform/hosts.ts"
import { DiscoveryConfiguration } from "./DiscoveryConfiguration.ts"
import { DriftConfiguration } from "./DriftConfiguration.ts"
import { OperatorConfiguration } from "./OperatorConfiguration.ts"
import { SupervisionConfiguration } from "./SupervisionConfiguration.ts"

/** Versions as npm writes them, such as `^1.2.0`. */
const VersionRange = Schema.NonEmptyString.check(
  Schema.makeFilter((text) => Result.isSuccess(SemVerRange.parse(text)), {
    expected: "a range of versions such as ^1.2.0",
  }),
)

/** A variable of the agent's own environment. */
const VariableName = Schema.NonEmptyString.check(
  Schema.makeFilter((name) => !name.includes("=") && !name.includes("\0"), { expected: "the name of a variable" }),
)

/** Where the value of a variable comes from: it is written here, or is that of a variable of the agent. */
const VariableValue = Schema.Union([Schema.String, Schema.Struct({ env: VariableName })])

const Address = Schema.NonEmptyString.check(
  Schema.makeFilter((text) => parseAddress(text) !== undefined, {
    expected: "HOST:PORT, such as 127.0.0.1:7777, 0.0.0.0:7777 or [::1]:7777",
  }),
)

/** What is different for one plugin. */
export class PluginConfiguration extends Schema.Opaque<PluginConfiguration>()(
  Schema.Struct({
    /** `false` means that it may not be used: it is not started, and its namespace is refused. */
    enabled: Schema.optionalKey(Schema.Boolean),
    /** Which versions may be used, such as `^1.2.0`. The highest of those that were found is used. */
    version: Schema.optionalKey(VersionRange),
    /** How it retries, polls and logs, where that is different from `operator`. */
    operator: Schema.optionalKey(OperatorConfiguration),
    /** How it is supervised, where that is different from `supervision`. */
    supervision: Schema.optionalKey(SupervisionConfiguration),
    /**
     * Variables of its environment, in addition to those that its manifest asks
     * for: the value itself, or `{ env: NAME }` for that of a variable of the agent.
     */
    environment: Schema.optionalKey(Schema.Record(VariableName, VariableValue)),
    /** The settings of the plugin itself. Its own documentation lists them. */
    settings: Schema.optionalKey(Schema.JsonObject),
    /** What `formae discover`, and `formae import` without an id, look for. */
    discover: Schema.optionalKey(DiscoveryConfiguration),
  }),
) {}

/** What can be set for an agent, by a file, by environment variables, or by flags. */
export class AgentConfiguration extends Schema.Opaque<AgentConfiguration>()(
  Schema.Struct({
    /** The state file, which holds the inventory, or the address of a state on Postgres, `postgres://ROLE@HOST/DATABASE`, without the password. As `--state`. Without it: `.formae/state.db`. */
    state: Schema.optionalKey(Schema.NonEmptyString),
    /** Folders of plugins, in addition to the others. As `--plugins`. */
    plugins: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
    /** Folders of plugins, in the place of all others. As `--only-plugins`. */
    onlyPlugins: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
    /** How plugins retry, poll and log. */
    operator: Schema.optionalKey(OperatorConfiguration),
    /** How plugins are supervised. */
    supervision: Schema.optionalKey(SupervisionConfiguration),
    /** What is only for an agent that stays, and for commands that run on it. */
    agent: Schema.optionalKey(
      Schema.Struct({
        /** A plugin that gets no call for so long is stopped, and started again by the next call. */
        idleMillis: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))),
        /** How long a command waits for an agent that has answered before, as while it is restarted. Then the command ends, and its work goes on. */
        waitMillis: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
        /** Where it answers beside its socket, to callers with a token. */
        listen: Schema.optionalKey(
          Schema.Struct({
            /** The address, as `HOST:PORT`. As `--listen`. One that other machines can reach needs a certificate. */
            address: Schema.optionalKey(Address),
            /** The file with the certificate, in PEM, with those that it is signed by. As `--tls-cert`. SIGHUP reads it again. */
            certificate: Schema.optionalKey(Schema.NonEmptyString),
            /** The file with the key of the certificate, in PEM. As `--tls-key`. SIGHUP reads it again. */
            key: Schema.optionalKey(Schema.NonEmptyString),
          }),
        ),
      }),
    ),
    /** What is done about drift. */
    drift: Schema.optionalKey(DriftConfiguration),
    /** What is different for one plugin, by its name. */
    plugin: Schema.optionalKey(Schema.Record(Schema.String, PluginConfiguration)),
  }),
) {}
