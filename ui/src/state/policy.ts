// The least that an AWS user needs for this work, as the policy language of AWS writes it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html

/** In the order in which the form explains them. */
export const ACTIONS = ["PutObject", "GetObject", "DeleteObject", "ListBucket", "ListMultipartUploadParts", "ListBucketMultipartUploads", "AbortMultipartUpload"] as const;

const ON_BUCKET = new Set<string>(["ListBucket", "ListBucketMultipartUploads"]);

export function policy(bucket: string, prefix: string): string {
  const below = prefix.replace(/^\/+|\/+$/g, "");
  const objects = below === "" ? "*" : `${below}/*`;
  const named = (on: boolean) => ACTIONS.filter((action) => ON_BUCKET.has(action) === on).map((action) => `s3:${action}`);
  return JSON.stringify(
    {
      Version: "2012-10-17",
      Statement: [
        { Sid: "GantryFiles", Effect: "Allow", Action: named(false), Resource: `arn:aws:s3:::${bucket}/${objects}` },
        {
          Sid: "GantryLists",
          Effect: "Allow",
          Action: named(true),
          Resource: `arn:aws:s3:::${bucket}`,
          ...(below === "" ? {} : { Condition: { StringLike: { "s3:prefix": [below, objects] } } }),
        },
      ],
    },
    null,
    2,
  );
}
