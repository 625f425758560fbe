// www.tidewater-museum.example in other scripts: a Japanese page whose address is not ASCII, and an Arabic page, right to left.
import type { SamplePage } from '../page.js';
import { museum } from './sites.js';

/** The museum's pages in Japanese and Arabic. */
export const languagePages: readonly SamplePage[] = [
  {
    site: museum,
    path: '/ja/来館案内',
    title: '来館のご案内',
    description: 'タイドウォーター博物館の開館時間、料金、交通のご案内。',
    language: 'ja',
    crawledHoursAgo: 158,
    modifiedDaysBefore: 62,
    body: `
旧水先案内所の建物にある、潮と灯台と小舟の博物館です。開館は**火曜日から日曜日の10時から17時**、毎月第一木曜日は21時まで灯室をご覧いただけます。

Table: 料金
| 区分 | 料金 | 備考 |
| 大人 | 9.50ユーロ | 灯室を含む |
| 18歳未満 | 無料 | 灯室は8歳から |

## 交通

1. 鉄道駅から14番のバスで「ハーバー・ステップス」下車、約20分間隔
2. ヴィーク島からの渡し船(東の強風時は欠航)

大潮の日は下の駐車場が水没します。お越しの前に[潮汐表](/visit/tide-times)をご確認ください。英語の案内は[こちら](/visit)。
`,
  },
  {
    site: museum,
    path: '/ar/visit',
    title: 'زيارة المتحف',
    description: 'أوقات العمل وأسعار التذاكر وطريق الوصول إلى متحف المد والجزر في أوسكالا.',
    language: 'ar',
    direction: 'rtl',
    crawledHoursAgo: 159,
    modifiedDaysBefore: 62,
    body: `
يقع المتحف في مبنى محطة المرشدين البحريين القديمة، ويضم أربعة طوابق من الفوانيس والخرائط والقوارب الصغيرة. نفتح **من الثلاثاء إلى الأحد، من 10:00 إلى 17:00**.

Table: التذاكر
| الفئة | السعر |
| البالغون | 9.50 يورو |
| دون الثامنة عشرة | مجانًا |

## كيف تصل إلينا

- الحافلة رقم 14 من محطة القطار، كل عشرين دقيقة
- العبّارة من جزيرة فيك، ما لم تهب رياح شرقية قوية

راجع [مواعيد المد](/visit/tide-times) قبل أن تأتي بسيارتك، أو اقرأ الصفحة [بالإنجليزية](/visit).
`,
  },
];
