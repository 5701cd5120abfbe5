/** The FakeAWS plugin, as the build bundles it. Its cloud has the bucket before the first start. */
import { targetConfig } from "../work/Read.ts"
import type { Start } from "./Contestant.ts"
import { plugins, startPlugin } from "./PluginContestant.ts"
import { propertiesIn } from "./propertiesIn.ts"

export const start: Start = () =>
  startPlugin({
    folder: "fake-aws",
    namespace: "FakeAWS",
    resourceType: "FakeAWS::S3::Bucket",
    targetConfig: { ...targetConfig, cloud: `${plugins}/cloud.db` },
    nativeId: "bucket-0",
    checkRead: (answer) => void propertiesIn(answer),
  })
