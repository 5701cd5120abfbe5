/** The AWS plugin, as the build bundles it. */
import { checkRefusal } from "./checkRefusal.ts"
import type { Start } from "./Contestant.ts"
import { startPlugin } from "./PluginContestant.ts"

export const start: Start = () =>
  startPlugin({
    folder: "aws",
    namespace: "AWS",
    resourceType: "AWS::S3::Bucket",
    targetConfig: { nowhere: true },
    nativeId: "bucket",
    checkRead: checkRefusal,
  })
