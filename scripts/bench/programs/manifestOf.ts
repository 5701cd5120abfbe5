/** The manifest of a plugin of the bench, as the text of its file. */
export const manifestOf = (name: string, namespace: string): string =>
  `${JSON.stringify({
    name,
    namespace,
    version: "0.1.0",
    protocol: { min: 1, max: 1 },
    minAgentVersion: "0.1.0",
    entry: "main.mjs",
    environment: [],
  })}\n`
