/** The Azure plugin, as the build bundles it. */
export { startAzure as start } from "./wholeWay.ts"
