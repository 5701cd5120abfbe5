/** The AWS plugin, as the build bundles it. */
export { startAws as start } from "./wholeWay.ts"
