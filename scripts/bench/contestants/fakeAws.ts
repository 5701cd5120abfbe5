/** The FakeAWS plugin, as the build bundles it. */
export { startFakeAws as start } from "./wholeWay.ts"
