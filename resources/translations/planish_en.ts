<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ui::CalibrateView</name>
    <message numerus="yes">
        <source>Stopped by you after %1: %n finished block(s) kept</source>
        <translation>
            <numerusform>Stopped by you after %1: %n finished block kept</numerusform>
            <numerusform>Stopped by you after %1: %n finished blocks kept</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; %n module(s) with bits of their own</source>
        <translation>
            <numerusform>; %n module with bits of its own</numerusform>
            <numerusform>; %n modules with bits of their own</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Goes on after the %n finished block(s) in the output folder</source>
        <translation>
            <numerusform>Goes on after the finished block in the output folder (%n)</numerusform>
            <numerusform>Goes on after the %n finished blocks in the output folder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>  ·  %n more waiting</source>
        <translation>
            <numerusform>  ·  %n more waiting</numerusform>
            <numerusform>  ·  %n more waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ChannelPlot</name>
    <message numerus="yes">
        <source>%n channel(s)</source>
        <translation>
            <numerusform>%n channel</numerusform>
            <numerusform>%n channels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s) stand out</source>
        <translation>
            <numerusform>%n channel stands out</numerusform>
            <numerusform>%n channels stand out</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ChatView</name>
    <message numerus="yes">
        <source>%1 tokens a second, %n token(s) read</source>
        <translation>
            <numerusform>%1 tokens a second, %n token read</numerusform>
            <numerusform>%1 tokens a second, %n tokens read</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ErrorPlot</name>
    <message numerus="yes">
        <source>the largest error of %n: </source>
        <translation>
            <numerusform>the largest error of %n: </numerusform>
            <numerusform>the largest error of %n: </numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ExportView</name>
    <message numerus="yes">
        <source>&lt;h3&gt;Written&lt;/h3&gt;&lt;p&gt;%1&lt;br&gt;%2 in %n file(s), weights as %3&lt;/p&gt;</source>
        <translation>
            <numerusform>&lt;h3&gt;Written&lt;/h3&gt;&lt;p&gt;%1&lt;br&gt;%2 in %n file, weights as %3&lt;/p&gt;</numerusform>
            <numerusform>&lt;h3&gt;Written&lt;/h3&gt;&lt;p&gt;%1&lt;br&gt;%2 in %n files, weights as %3&lt;/p&gt;</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::FilterBar</name>
    <message numerus="yes">
        <source>%1 of %n layer(s) measured</source>
        <translation>
            <numerusform>%1 of %n layer measured</numerusform>
            <numerusform>%1 of %n layers measured</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n layer(s)</source>
        <translation>
            <numerusform>%1 of %n layer</numerusform>
            <numerusform>%1 of %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::HistogramPlot</name>
    <message numerus="yes">
        <source>%n value(s) outside the bins</source>
        <translation>
            <numerusform>%n value outside the bins</numerusform>
            <numerusform>%n values outside the bins</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n NaN or infinite</source>
        <translation>
            <numerusform>%n NaN or infinite</numerusform>
            <numerusform>%n NaN or infinite</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::InspectView</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::LayerBrowser</name>
    <message numerus="yes">
        <source>%n block(s)</source>
        <translation>
            <numerusform>%n block</numerusform>
            <numerusform>%n blocks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::LayerTableModel</name>
    <message numerus="yes">
        <source>%n value(s) are NaN or infinite</source>
        <translation>
            <numerusform>%n value is NaN or infinite</numerusform>
            <numerusform>%n values are NaN or infinite</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::LossPlot</name>
    <message numerus="yes">
        <source>%n block(s), newest loss %1 in block %2</source>
        <translation>
            <numerusform>%n block, newest loss %1 in block %2</numerusform>
            <numerusform>%n blocks, newest loss %1 in block %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::MapPlot</name>
    <message numerus="yes">
        <source>%n NaN or infinite</source>
        <translation>
            <numerusform>%n NaN or infinite</numerusform>
            <numerusform>%n NaN or infinite</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %n NaN or infinite</source>
        <translation>
            <numerusform>, %n NaN or infinite</numerusform>
            <numerusform>, %n NaN or infinite</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::MemoryPlot</name>
    <message numerus="yes">
        <source>%n block(s), the most in </source>
        <translation>
            <numerusform>%n block, the most in </numerusform>
            <numerusform>%n blocks, the most in </numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::PipelineStrip</name>
    <message numerus="yes">
        <source>Re-run %n stale step(s)</source>
        <translation>
            <numerusform>Re-run %n stale step</numerusform>
            <numerusform>Re-run %n stale steps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::PlanDiffPanel</name>
    <message numerus="yes">
        <source>%n module(s) as in %1</source>
        <translation>
            <numerusform>%n module as in %1</numerusform>
            <numerusform>%n modules as in %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 differs in %n of %2 module(s)</source>
        <translation>
            <numerusform>%1 differs in %n of %2 modules</numerusform>
            <numerusform>%1 differs in %n of %2 modules</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::PlanEditor</name>
    <message numerus="yes">
        <source>%1 for %n module(s)</source>
        <translation>
            <numerusform>%1 for %n module</numerusform>
            <numerusform>%1 for %n modules</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>automatic for %n module(s)</source>
        <translation>
            <numerusform>automatic for %n module</numerusform>
            <numerusform>automatic for %n modules</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> (%n module(s))</source>
        <translation>
            <numerusform> (%n module)</numerusform>
            <numerusform> (%n modules)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Lock %n module(s)</source>
        <translation>
            <numerusform>Lock %n module</numerusform>
            <numerusform>Lock %n modules</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>W%1 A%2 for %n module(s)</source>
        <translation>
            <numerusform>W%1 A%2 for %n module</numerusform>
            <numerusform>W%1 A%2 for %n modules</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The plan&apos;s bits for %n module(s)</source>
        <translation>
            <numerusform>The plan&apos;s bits for %n module</numerusform>
            <numerusform>The plan&apos;s bits for %n modules</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Another start for %n module(s)</source>
        <translation>
            <numerusform>Another start for %n module</numerusform>
            <numerusform>Another start for %n modules</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::PlotTable</name>
    <message numerus="yes">
        <source>The first %n value(s) in view are listed; Copy and the CSV export have all.</source>
        <translation>
            <numerusform>The first %n value in view is listed; Copy and the CSV export have all.</numerusform>
            <numerusform>The first %n values in view are listed; Copy and the CSV export have all.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::QuantilePlot</name>
    <message numerus="yes">
        <source>%n NaN or infinite</source>
        <translation>
            <numerusform>%n NaN or infinite</numerusform>
            <numerusform>%n NaN or infinite</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::RidgePlot</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::SearchPanel</name>
    <message numerus="yes">
        <source>Searched in %1: %n module(s) differ from the plan</source>
        <translation>
            <numerusform>Searched in %1: %n module differs from the plan</numerusform>
            <numerusform>Searched in %1: %n modules differ from the plan</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; gates and held-out losses disagree in %n</source>
        <translation>
            <numerusform>; gates and held-out losses disagree in %n</numerusform>
            <numerusform>; gates and held-out losses disagree in %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::StatusLine</name>
    <message numerus="yes">
        <source>, %n more waiting</source>
        <translation>
            <numerusform>, %n more waiting</numerusform>
            <numerusform>, %n more waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::Studio</name>
    <message numerus="yes">
        <source>Refined plan: KL %1 to %2, %n swap(s)</source>
        <translation>
            <numerusform>Refined plan: KL %1 to %2, %n swap</numerusform>
            <numerusform>Refined plan: KL %1 to %2, %n swaps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::StudioWindow</name>
    <message numerus="yes">
        <source>Reading was stopped: %1 of %n layer(s) measured</source>
        <translation>
            <numerusform>Reading was stopped: %1 of %n layer measured</numerusform>
            <numerusform>Reading was stopped: %1 of %n layers measured</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::ThresholdPlot</name>
    <message numerus="yes">
        <source>%1 of %n module(s) rotated, threshold %2</source>
        <translation>
            <numerusform>%1 of %n module rotated, threshold %2</numerusform>
            <numerusform>%1 of %n modules rotated, threshold %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n without z</source>
        <translation>
            <numerusform>%n without z</numerusform>
            <numerusform>%n without z</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::TokenPlot</name>
    <message numerus="yes">
        <source>%n token(s), %1, largest at token %2 “%3”</source>
        <translation>
            <numerusform>%n token, %1, largest at token %2 “%3”</numerusform>
            <numerusform>%n tokens, %1, largest at token %2 “%3”</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::TransformsView</name>
    <message numerus="yes">
        <source>Preview: %n choice(s) would change</source>
        <translation>
            <numerusform>Preview: %n choice would change</numerusform>
            <numerusform>Preview: %n choices would change</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::WhatIfPanel</name>
    <message numerus="yes">
        <source>. It adds %1 % of the module&apos;s own multiply-adds and %2 of memory. W%3 A%4, measured on %n window(s) kept aside.</source>
        <translation>
            <numerusform>. It adds %1 % of the module&apos;s own multiply-adds and %2 of memory. W%3 A%4, measured on %n window kept aside.</numerusform>
            <numerusform>. It adds %1 % of the module&apos;s own multiply-adds and %2 of memory. W%3 A%4, measured on %n windows kept aside.</numerusform>
        </translation>
    </message>
</context>
</TS>
