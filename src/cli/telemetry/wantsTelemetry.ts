/** Whether the standard variables of OpenTelemetry ask for telemetry. */

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A variable that is empty counts as one that is not there. */
export const isSet = (value: string | undefined): value is string => value !== undefined && value.trim() !== ""

/** Whether anything of this process is to be sent. It costs next to nothing, because each command asks. */
export const wantsTelemetry = (environment: Environment): boolean =>
  !/^true$/i.test(environment["OTEL_SDK_DISABLED"] ?? "") &&
  ["", "_TRACES", "_METRICS", "_LOGS"].some((of) => isSet(environment[`OTEL_EXPORTER_OTLP${of}_ENDPOINT`]))
