import { describe, expect, it } from 'vitest';
import { ApiError, openEnvelope } from './envelope';

function failureOf(status: number, body: string): ApiError {
  try {
    openEnvelope(status, body);
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  throw new Error('no ApiError');
}

describe('openEnvelope', () => {
  it('takes out the data', () => {
    expect(openEnvelope(200, '{"status":"success","data":[1]}')).toEqual({ data: [1], warnings: [], infos: [] });
  });

  it('keeps warnings and infos', () => {
    const answer = openEnvelope(200, '{"status":"success","data":1,"warnings":["w"],"infos":["i","j"]}');
    expect(answer.warnings).toEqual(['w']);
    expect(answer.infos).toEqual(['i', 'j']);
  });

  it("passes on the server's error type, message and status", () => {
    const error = failureOf(400, '{"status":"error","errorType":"bad_data","error":"1:3: parse error"}');
    expect([error.errorType, error.message, error.status]).toEqual(['bad_data', '1:3: parse error', 400]);
  });

  it('reads an error in a status that says success', () => {
    expect(failureOf(200, '{"status":"error","errorType":"execution","error":"x"}').errorType).toBe('execution');
  });

  it('says that the server is starting when it answers 503 without an envelope', () => {
    expect(failureOf(503, 'Service Unavailable').errorType).toBe('unavailable');
  });

  it('shows the text of a page that some proxy put in between', () => {
    const error = failureOf(502, '<html><h1>Bad  Gateway</h1></html>');
    expect(error.errorType).toBe('unexpected');
    expect(error.message).toContain('status 502');
    expect(error.message).toContain('Bad Gateway');
  });

  it.each(['', 'null', '[]', '"success"', '{}', '{"status":"ok"}'])('refuses %j', (body) => {
    expect(failureOf(200, body).errorType).toBe('unexpected');
  });
});
