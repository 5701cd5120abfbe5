/** The registry from which some tests install packages. */
import { needs } from "../needs.ts"
import { npm, root } from "./npm.ts"

export const hasRegistry = await npm(
  root,
  "view",
  "effect",
  "version",
  "--fetch-retries=0",
  "--fetch-timeout=10000",
).then(
  () => true,
  () => false,
)

export const needsRegistry = needs("an npm registry", hasRegistry)
