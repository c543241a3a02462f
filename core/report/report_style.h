// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core {

/** The style of a report's page: system fonts, six series colours that differ in lightness too, two colour schemes. */
inline constexpr const char* kReportStyle = R"css(
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --page: #ffffff; --card: #f6f8fa; --rule: #d9dfe6;
  --c0: #1f5fd0; --c1: #c2570c; --c2: #0b7a5b; --c3: #b3245f; --c4: #6d3fc4; --c5: #5c6b00; --on: #ffffff; --good: #0b7a5b; --bad: #b02a2a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa6b5; --page: #14181e; --card: #1c222a; --rule: #313a45;
  --c0: #7aa7ff; --c1: #f0954f; --c2: #4cc9a0; --c3: #f07ba8; --c4: #b39bff; --c5: #c3cf5a; --on: #14181e; --good: #4cc9a0; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 44px 0 6px; padding-top: 16px; border-top: 1px solid var(--rule); }
h3 { font-size: 16px; margin: 22px 0 6px; }
p, li { max-width: 70ch; } p.note, figcaption, .sub { color: var(--soft); font-size: 14px; }
p.note { margin: 0 0 12px; } figure { margin: 12px 0 20px; overflow-x: auto; } figcaption { margin-top: 4px; }
.scroll { overflow-x: auto; margin: 10px 0 18px; }
table { border-collapse: collapse; font-size: 14px; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 6px 8px; border-bottom: 1px solid var(--rule); vertical-align: top; white-space: nowrap; }
th { color: var(--soft); font-weight: 600; white-space: normal; vertical-align: bottom; } th:first-child, td:first-child, .left { text-align: left; }
td:first-child { white-space: normal; min-width: 11em; }
td.wrap { white-space: normal; overflow-wrap: anywhere; text-align: left; }
code { font: 13px/1.5 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); }
svg { width: 100%; min-width: 560px; height: auto; display: block; }
svg text { font-size: 13px; fill: var(--ink); } svg text.small { font-size: 12px; fill: var(--soft); }
svg text.value { font-variant-numeric: tabular-nums; } svg text.tiletext { font-size: 12px; font-weight: 600; fill: var(--on); }
svg .grid { stroke: var(--rule); stroke-width: 1; }
svg .bar { stroke-width: 2.5; stroke-linecap: round; } svg .thin { stroke-width: 1.5; opacity: .6; }
svg .curve { fill: none; stroke-width: 2; }
svg .s0 { stroke: var(--c0); } svg .s1 { stroke: var(--c1); } svg .s2 { stroke: var(--c2); }
svg .s3 { stroke: var(--c3); } svg .s4 { stroke: var(--c4); } svg .s5 { stroke: var(--c5); }
svg .dot { stroke: var(--page); stroke-width: 1.2; } svg .ring { fill: var(--page); stroke-width: 1.8; } svg .tile { stroke: none; }
svg .s0.dot, svg .s0.tile { fill: var(--c0); } svg .s1.dot, svg .s1.tile { fill: var(--c1); } svg .s2.dot, svg .s2.tile { fill: var(--c2); }
svg .s3.dot, svg .s3.tile { fill: var(--c3); } svg .s4.dot, svg .s4.tile { fill: var(--c4); } svg .s5.dot, svg .s5.tile { fill: var(--c5); }
@media print { :root { color-scheme: light; } main { padding: 0; } h2 { break-after: avoid; } figure, table { break-inside: avoid; } }
)css";

} // namespace core
