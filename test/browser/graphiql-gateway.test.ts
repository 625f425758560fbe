// GraphiQL as a user meets it: the whole gateway with its samples, in a real browser.
import { startGateway } from '../support/gateway.js';
import { describeGraphiql } from './graphiql-suite.js';

describeGraphiql('GraphiQL from the gateway', {
  start: async () => {
    const started = await startGateway({ CRAWLGATE_SAMPLES: '1' });
    return {
      url: started.url,
      close: async () => {
        await started[Symbol.asyncDispose]();
      },
    };
  },
  query: '{ crawlResult(url: "https://www.tidewater-museum.example/about/people") { title } }',
  answer: 'People – Tidewater Museum',
  exampleTab: 'OnePage',
  documented: { field: 'crawlResult', description: 'The newest stored result of one URL' },
});
