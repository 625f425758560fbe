// Clears what the caller's shell says about AWS and Crawlgate, so that no test can reach or be steered by it.
for (const name of Object.keys(process.env)) {
  if (/^(AWS_|DYNAMODB_|CRAWLGATE_|CRAWL4_AI_|OTEL_|FORCE_(DYNAMODB|SQLITE)$|PORT$)/.test(name))
    delete process.env[name];
}
process.env.AWS_EC2_METADATA_DISABLED = 'true';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
