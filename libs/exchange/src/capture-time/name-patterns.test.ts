import { describe, expect, it } from 'vitest';
import { captureText } from './capture-time.ts';
import { factsOfName, parseNamePattern } from './name-patterns.ts';

const read = (name: string, own?: RegExp) => {
  const { time } = factsOfName(name, own);
  return time === null ? null : captureText(time);
};

describe('names that cameras and archives give', () => {
  it.each([
    ['IMG_20190102_030405.mp4', '2019-01-02T03:04:05'],
    ['20200709093328-RCNX0001.JPG', '2020-07-09T09:33:28'],
    ['2019-01-02 03-04-05.mov', '2019-01-02T03:04:05'],
    ['2019-01-02T03.04.05.avi', '2019-01-02T03:04:05'],
    ['2019-01-02T03-04-05Z.mp4', '2019-01-02T03:04:05Z'],
    ['20190102T030405.123Z.mp4', '2019-01-02T03:04:05Z'],
    ['2019-01-02 03-04-05 PM.mp4', '2019-01-02T15:04:05'],
    ['2019-01-02_12.04.05am.mp4', '2019-01-02T00:04:05'],
    ['20190102_030405_PMR1.mp4', '2019-01-02T03:04:05'],
    ['site/2013_6_14/0083.AVI', '2013-06-14'],
    ['PICT_14-Jun-2013_0083.AVI', '2013-06-14'],
    ['2016/20161227/cam_20161228_02120086.AVI', '2016-12-28'],
    // The real ones of zamba's test assets.
    ['chimpandsee_Bwi_A3_bwi_vid7_806110_9885227_20120911_PICT0146.AVI', '2012-09-11'],
    ['chimpandsee_Kor_C5_Kor_vid6_0485466_0567428_20141120_EK000019.AVI', '2014-11-20'],
    ['goualougo_2013_gorillas_2013_MPI_FID_20_Duboscia_14-Jun-2013_FID_20_Duboscia_2013-6-14_0083.AVI', '2013-06-14'],
    ['salonga_MISSION_3_Team_Pedro_Trans_322__Cam_1_488454_9765353_Date_24-11-2017_01110103.AVI', '2017-11-24'],
    ['noemie_Videos_All_Taï_T147_Taï_cam170_678016_649215_20161227_02120086.AVI', '2016-12-27'],
  ])('%s: %s', (name, time) => expect(read(name)).toBe(time));

  it.each([
    ['benjamin_04250002.MP4', 'month and day, no year'],
    ['IMG_20000101_000512.mp4', 'a clock that was never set'],
    ['IMG_20150101_000041.mp4', 'a clock that was never set'],
    ['ACP0006s6f-small-cat.mp4', 'no time'],
    ['savanna_Gorongosa_Mozambique_2017_Videos_F13_Cam027_Baboon_07120049.AVI', 'a year and a counter'],
    ['card_05-06-2017.avi', 'the day may be the 5th or the 6th'],
    ['x_20190230_010203.avi', 'there is no 30th of February'],
    ['id_920190102_1.avi', 'the middle of a longer number'],
    ['id_201901029999999.avi', 'the start of a longer number'],
    ['18000101_1.avi', 'before there were camera traps'],
  ])('%s tells none: %s', (name) => expect(read(name)).toBeNull());
});

describe('a pattern of one’s own', () => {
  it('tells time, zone and site', () => {
    const own = parseNamePattern(
      '^(?<site>[^/]+)/(?<day>\\d\\d)(?<month>[A-Z][a-z]+)(?<year>\\d{4})-(?<hour>\\d\\d)(?<minute>\\d\\d)(?<zone>Z?)',
    );
    expect(factsOfName('ridge/05June2017-0607Z.avi', own)).toEqual({
      site: 'ridge',
      time: { local: '2017-06-05T06:07:00', zone: 'Z', dayOnly: false, source: 'file-name' },
    });
  });

  it('may tell the site alone, and leaves other names to the usual patterns', () => {
    const own = parseNamePattern('^(?<site>T\\d+)_');
    expect(factsOfName('T7_20190102_030405.avi', own)).toMatchObject({
      site: 'T7',
      time: { local: '2019-01-02T03:04:05' },
    });
    expect(factsOfName('x.avi', own)).toEqual({ site: null, time: null });
  });

  it.each(['(?<year>\\d+', 'IMG_\\d+', '(?<year>\\d{4})(?<month>\\d\\d)'])('%s is refused', (text) =>
    expect(() => parseNamePattern(text)).toThrow(expect.objectContaining({ code: 'EXCHANGE_PATTERN' })),
  );
});
