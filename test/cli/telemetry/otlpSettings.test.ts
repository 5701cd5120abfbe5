import { assert, describe, it } from "@effect/vitest"
import { otlpSettings } from "../../../src/cli/telemetry/otlpSettings.ts"
import { wantsTelemetry } from "../../../src/cli/telemetry/wantsTelemetry.ts"

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" }

describe("the variables of OpenTelemetry", () => {
  it.each<[Readonly<Record<string, string>>, boolean]>([
    [{}, false],
    [{ OTEL_SERVICE_NAME: "shop" }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: " " }, false],
    [endpoint, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://traces" }, true],
    [{ ...endpoint, OTEL_SDK_DISABLED: "true" }, false],
    [{ ...endpoint, OTEL_SDK_DISABLED: "false" }, true],
  ])("%j ask for telemetry: %s", (environment, wanted) => {
    assert.strictEqual(wantsTelemetry(environment), wanted)
  })

  it("say where each kind goes, with what headers, and what this process is called", () => {
    const { mistakes, parent, resource, serviceName, targets } = otlpSettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/base/",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20a,x=1",
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://traces.example/in",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "key=t",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_RESOURCE_ATTRIBUTES: "service.name=other,team=a%2Cb",
      OTEL_SERVICE_NAME: "shop",
      TRACEPARENT: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    })
    assert.deepEqual(targets, {
      traces: { url: "https://traces.example/in", headers: { key: "t" } },
      metrics: {
        url: "http://collector:4318/base/v1/metrics",
        headers: { authorization: "Bearer a", x: "1" },
      },
    })
    assert.deepEqual([serviceName, resource], ["shop", { team: "a,b" }])
    assert.deepEqual(parent, {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      sampled: true,
    })
    assert.deepEqual(mistakes, [])
    assert.strictEqual(otlpSettings(endpoint).serviceName, "formae")
    assert.deepEqual(Object.keys(otlpSettings({ ...endpoint, OTEL_TRACES_SAMPLER: "always_off" }).targets), [
      "metrics",
      "logs",
    ])
  })

  it("that cannot be used are named, and never quoted", () => {
    const { mistakes, parent, targets, ...rest } = otlpSettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: "collector-with-password",
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "ftp://user:password@host",
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      OTEL_METRIC_EXPORT_INTERVAL: "soon",
      OTEL_RESOURCE_ATTRIBUTES: "a=%password",
      TRACEPARENT: "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    })
    assert.deepEqual([targets, parent, rest.metricMillis, rest.isProtobuf], [{}, undefined, 60_000, false])
    const url = "is not an http or https URL, such as http://localhost:4318"
    assert.deepEqual(
      mistakes.toSorted(),
      [
        `OTEL_EXPORTER_OTLP_ENDPOINT ${url}`,
        `OTEL_EXPORTER_OTLP_LOGS_ENDPOINT ${url}`,
        "OTEL_EXPORTER_OTLP_PROTOCOL may be http/json or http/protobuf; http/json is used",
        "OTEL_METRIC_EXPORT_INTERVAL is not a number of milliseconds; 60000 is used",
        "OTEL_RESOURCE_ATTRIBUTES has a value with a % that is not part of an encoded character",
      ].toSorted(),
    )
    assert.notInclude(mistakes.join(), "password")
  })
})
