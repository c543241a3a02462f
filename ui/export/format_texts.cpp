// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/format_texts.h"

#include <QCoreApplication>

namespace ui {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(ui::ExportFormat)
};

QString fact(const QString& name, const QString& text)
{
    return QStringLiteral("<tr><td><b>%1</b></td><td>%2</td></tr>").arg(name, text);
}

QString page(const QString& title, const QString& introduction, const QString& readers, const QString& carried,
             const QString& lost, const QString& size)
{
    return QStringLiteral("<h3>%1</h3><p>%2</p><table cellpadding=\"4\">").arg(title, introduction)
        + fact(Texts::tr("Read by"), readers) + fact(Texts::tr("Carries"), carried) + fact(Texts::tr("Loses"), lost)
        + fact(Texts::tr("Size"), size) + QStringLiteral("</table><p>")
        + Texts::tr("The bundle stays as it is and remains the only file with everything in it.")
        + QStringLiteral("</p>");
}

QString lostOfPacked()
{
    return Texts::tr(
        "every transform, so all modules of the plan must be identity; the quantizers of activations, keys "
        "and values");
}

} // namespace

std::vector<ExportFormat> exportFormats()
{
    const auto packedSize = Texts::tr("about an eighth of float32 at 4 bits; embedding and head stay numbers");
    return {
        {Texts::tr("Hugging Face folder"), QStringLiteral("hf"), QStringLiteral("-hf"),
         page(Texts::tr("A plain Hugging Face folder"),
              Texts::tr(
                  "The weights as the quantizers rounded them, with every transform folded back, under their usual "
                  "names in safetensors, beside configuration and tokenizer. It needs no code of Planish."),
              Texts::tr("transformers, vLLM, SGLang, lm-eval, the converter of llama.cpp"),
              Texts::tr("the rounding of every weight, exactly in float32; 16 bits round it once more"),
              Texts::tr("the quantizers of activations, keys and values: it answers as the bundle does with those "
                        "switched off"),
              Texts::tr("that of the full model: codes become numbers again"))},
        {QStringLiteral("compressed-tensors"), QStringLiteral("compressed-tensors"),
         QStringLiteral("-compressed-tensors"),
         page(Texts::tr("Integers as compressed-tensors packs them"),
              Texts::tr("The codes and scales of every linear layer, and a configuration that names their width by "
                        "module."),
              Texts::tr("vLLM, SGLang, transformers"),
              Texts::tr("codes of 2 to 8 bits and their scales exactly in the type of the source; groups, zeros, "
                        "different widths by module"),
              lostOfPacked(), packedSize)},
        {QStringLiteral("GPTQ"), QStringLiteral("gptq"), QStringLiteral("-gptq"),
         page(Texts::tr("Integers as GPTQ packs them"),
              Texts::tr("The layout that most programs read. The codes need not come from the GPTQ method."),
              Texts::tr("vLLM, SGLang, transformers with GPTQModel, ExLlama"),
              Texts::tr("codes of 2, 3, 4 or 8 bits, one width for the whole model; scales in float16"), lostOfPacked(),
              packedSize)},
        {QStringLiteral("AWQ"), QStringLiteral("awq"), QStringLiteral("-awq"),
         page(Texts::tr("Integers as AWQ packs them"),
              Texts::tr("The layout of AutoAWQ's matrix kernels. The codes need not come from the AWQ method."),
              Texts::tr("vLLM, SGLang, transformers with GPTQModel"),
              Texts::tr("codes of 4 bits with zeros; scales in float16"), lostOfPacked(), packedSize)},
        {QStringLiteral("GGUF"), QStringLiteral("gguf"), QStringLiteral(".gguf"),
         page(Texts::tr("One file for llama.cpp"),
              Texts::tr(
                  "Weights, configuration, tokenizer and chat template in one file. Modules without a transform keep "
                  "their codes in blocks of 32; the others are folded back and stored as numbers."),
              Texts::tr("llama.cpp, Ollama, LM Studio, transformers"),
              Texts::tr("symmetric codes of 2 to 8 bits (Q4_0, Q8_0) and asymmetric ones of up to 4 (Q4_1), by module; "
                        "scales in float16"),
              Texts::tr("transforms where codes are to stay; the quantizers of activations, keys and values"),
              Texts::tr("4.5 bits a weight in Q4_0, 5 in Q4_1, 8.5 in Q8_0; 16 behind a transform"))},
    };
}

} // namespace ui
