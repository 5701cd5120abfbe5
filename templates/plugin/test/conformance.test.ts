/** Checks that the plugin follows the protocol, with the samples in formae-samples.yaml. */
import { formatReport, runConformance } from "formae/testing"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const directory = fileURLToPath(new URL("..", import.meta.url))

it("conforms to the protocol", { timeout: 120_000 }, async () => {
  const report = await runConformance({ directory })
  expect(report.status, formatReport(report)).toBe("passed")
})
