// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/layer_columns.h"

#include "ui/model/layer_table_model.h"

namespace ui {

namespace {

using Table = LayerTableModel;

struct Head
{
    QString name;
    QString help;
    QString key;
};

Head measuredHead(int column)
{
    const auto key = [](const char* text) { return QString::fromLatin1(text); };
    switch (column) {
    case Table::WeightKurtosis:
        return {LayerTableModel::tr("Kurtosis W"),
                LayerTableModel::tr(
                    "Excess kurtosis of the weights: N M4 / M2\u00b2 \u2212 3; 0 for a normal distribution"),
                key("kurtosis")};
    case Table::RobustZ:
        return {
            LayerTableModel::tr("Robust z"),
            LayerTableModel::tr("0.6745 (K \u2212 median) / MAD of the module's kurtosis among modules of its kind"),
            key("z")};
    case Table::WeightPeak:
        return {LayerTableModel::tr("Max/\u03c3 W"), LayerTableModel::tr("Largest |weight| in standard deviations"),
                key("max")};
    case Table::WeightOutliers:
        return {LayerTableModel::tr("Outl. W"),
                LayerTableModel::tr("Input channels whose largest |weight| is over 4 times the median channel's"),
                key("outliers")};
    case Table::InputKurtosis:
        return {LayerTableModel::tr("Kurtosis X"),
                LayerTableModel::tr("Excess kurtosis of the layer's input; needs measured activations"),
                key("xkurtosis")};
    case Table::InputPeak:
        return {LayerTableModel::tr("Max/\u03c3 X"),
                LayerTableModel::tr("Largest |input| in standard deviations; needs measured activations"), key("xmax")};
    case Table::InputOutliers:
        return {
            LayerTableModel::tr("Outl. X"),
            LayerTableModel::tr("Channels of the input whose largest magnitude is over 4 times the median channel's"),
            key("xoutliers")};
    default: return {};
    }
}

Head headOf(int column)
{
    const auto key = [](const char* text) { return QString::fromLatin1(text); };
    switch (column) {
    case Table::State:
        return {LayerTableModel::tr("\u25cf"),
                LayerTableModel::tr("Whether the layer was measured, and what is wrong with it"),
                {}};
    case Table::Block: return {LayerTableModel::tr("#"), LayerTableModel::tr("Decoder block, from 0"), key("block")};
    case Table::Layer: return {LayerTableModel::tr("Layer"), LayerTableModel::tr("Matrix: block and role"), {}};
    case Table::Module:
        return {LayerTableModel::tr("Module"), LayerTableModel::tr("Half of the block: what shares a transform"), {}};
    case Table::Shape: return {LayerTableModel::tr("Shape"), LayerTableModel::tr("Outputs \u00d7 inputs"), {}};
    case Table::DType: return {LayerTableModel::tr("Type"), LayerTableModel::tr("Element type in the file"), {}};
    case Table::Spread:
        return {LayerTableModel::tr("Spread"), LayerTableModel::tr("Histogram of the weights, logarithmic height"), {}};
    case Table::Automatic:
        return {LayerTableModel::tr("Auto"), LayerTableModel::tr("What the rule chooses for the module"), {}};
    case Table::Choice:
        return {LayerTableModel::tr("Yours"),
                LayerTableModel::tr("Your choice: keys A affine, R rotation, H Hadamard, N none, Space automatic"),
                {}};
    case Table::Reason: return {LayerTableModel::tr("Reason"), LayerTableModel::tr("Why, with the numbers"), {}};
    case Table::Bits:
        return {LayerTableModel::tr("Bits"), LayerTableModel::tr("Bits of a weight after quantization by the plan"),
                key("bits")};
    case Table::Size:
        return {LayerTableModel::tr("Size"), LayerTableModel::tr("Bytes of the matrix in the file"), key("size")};
    case Table::Sqnr:
        return {LayerTableModel::tr("SQNR"),
                LayerTableModel::tr(
                    "dB: 10 log10(|W'|\u00b2 / |W' \u2212 Q|\u00b2) of the quantized weight; needs a measured bundle"),
                key("sqnr")};
    case Table::OutputError:
        return {LayerTableModel::tr("Error"),
                LayerTableModel::tr(
                    "|XW\u1d40 \u2212 Q(X)Q\u1d40|\u00b2 / |XW\u1d40|\u00b2 over the text; needs a measured bundle"),
                key("error")};
    case Table::Note:
        return {LayerTableModel::tr("Note"),
                LayerTableModel::tr("Yours, kept in the project: double click or F2 to write"),
                {}};
    default: return measuredHead(column);
    }
}

} // namespace

QString columnName(int column)
{
    return headOf(column).name;
}

QString columnHelp(int column)
{
    return headOf(column).help;
}

QString columnKey(int column)
{
    return headOf(column).key;
}

int columnOfKey(const QString& key)
{
    for (int column = 0; column < Table::ColumnCount; ++column)
        if (!columnKey(column).isEmpty() && columnKey(column).compare(key, Qt::CaseInsensitive) == 0)
            return column;
    return -1;
}

const QVector<ColumnSet>& columnSets()
{
    static const QVector<ColumnSet> sets{
        {LayerTableModel::tr("Overview"),
         LayerTableModel::tr("Statistics, choices and their reasons"),
         {Table::State, Table::Layer, Table::Shape, Table::DType, Table::Spread, Table::WeightKurtosis, Table::RobustZ,
          Table::WeightPeak, Table::InputKurtosis, Table::InputPeak, Table::Automatic, Table::Choice, Table::Reason}},
        {LayerTableModel::tr("Statistics"),
         LayerTableModel::tr("All that was measured"),
         {Table::State, Table::Layer, Table::Spread, Table::WeightKurtosis, Table::WeightPeak, Table::WeightOutliers,
          Table::RobustZ, Table::InputKurtosis, Table::InputPeak, Table::InputOutliers}},
        {LayerTableModel::tr("Choices"),
         LayerTableModel::tr("What is chosen for each module, and notes"),
         {Table::State, Table::Layer, Table::Module, Table::RobustZ, Table::Automatic, Table::Choice, Table::Reason,
          Table::Note}},
        {LayerTableModel::tr("Quantization"),
         LayerTableModel::tr("What quantization costs each layer"),
         {Table::State, Table::Layer, Table::Shape, Table::DType, Table::Bits, Table::Size, Table::Sqnr,
          Table::OutputError, Table::Choice, Table::Note}},
        {LayerTableModel::tr("Everything"), LayerTableModel::tr("All columns"), [] {
             QVector<int> all;
             for (int column = 0; column < Table::ColumnCount; ++column)
                 all.append(column);
             return all;
         }()}};
    return sets;
}

} // namespace ui
