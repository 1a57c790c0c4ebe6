#include "common/resource/left_out.h"

#include <map>
#include <string>
#include <vector>

#include "common/resource/resemblance.h"

namespace openchoreo::resource {
namespace {

using base::Severity;

// How a note calls what was left out for one reason.
struct Words {
  std::string_view one, several;
};

Words WordsOf(source::LeftOutReason reason) {
  switch (reason) {
    case source::LeftOutReason::kHiddenFolder:
      return {"hidden folder", "hidden folders"};
    case source::LeftOutReason::kIgnored:
      return {"file that .sourceignore names", "files that .sourceignore names"};
    case source::LeftOutReason::kExcluded:
      return {"excluded file", "excluded files"};
    case source::LeftOutReason::kChartTemplate:
      return {"template of a Helm chart", "templates of Helm charts"};
    case source::LeftOutReason::kFileEnding:
      return {"file of another ending", "files of another ending"};
    case source::LeftOutReason::kLinkOutside:
      return {"link out of the tree", "links out of the tree"};
    case source::LeftOutReason::kLinkToFolder:
      return {"link to a folder", "links to folders"};
    case source::LeftOutReason::kBrokenLink:
      return {"link to nothing", "links to nothing"};
    case source::LeftOutReason::kSpecialFile:
      return {"special file", "special files"};
    case source::LeftOutReason::kUnreadableFolder:
      return {"unreadable folder", "unreadable folders"};
  }
  return {};
}

// What is lost by leaving a file out that speaks of OpenChoreo, and what to do.
base::Diagnostic Loss(const source::LeftOut& left) {
  base::Diagnostic error;
  error.code = base::ErrorCode::kInvalidResource;
  switch (left.reason) {
    case source::LeftOutReason::kFileEnding:
      error.message =
          "speaks of OpenChoreo, but only files that end in .yaml, .yml or .json are read";
      error.hint = "rename it, or leave it out on purpose (--exclude)";
      break;
    case source::LeftOutReason::kLinkOutside:
      error.message =
          "a link out of the tree, to something that speaks of OpenChoreo; such links "
          "are not followed";
      error.hint =
          "put the files themselves here, name their folder as one more source, or leave the link "
          "out on purpose (--exclude)";
      break;
    default:
      error.message =
          "lies in templates/ beside a Chart.yaml, which is left to Helm, but is no "
          "template and speaks of OpenChoreo";
      error.hint =
          "move it out of templates/, or leave it out on purpose (--exclude " + left.path + ")";
  }
  return error;
}

bool MayBeLoss(source::LeftOutReason reason) {
  return reason == source::LeftOutReason::kFileEnding ||
         reason == source::LeftOutReason::kLinkOutside ||
         reason == source::LeftOutReason::kChartTemplate;
}

bool IsLoss(source::FileTree& tree, const source::LeftOut& left) {
  const auto content = tree.ReadStart(left.path);
  if (!content || !*content) return false;
  const std::string& text = **content;
  if (left.reason == source::LeftOutReason::kChartTemplate && IsSkeleton(text)) return false;
  const auto narrow = NarrowedUtf16(text);
  return SpeaksOfOpenChoreo(narrow ? *narrow : text);
}

void AddNote(source::LeftOutReason reason, const std::vector<std::string>& names,
             base::Diagnostics& diagnostics) {
  constexpr std::size_t kNamed = 10;
  const Words words = WordsOf(reason);
  base::Diagnostic note;
  note.severity = Severity::kNote;
  note.code = base::ErrorCode::kInvalidResource;
  note.message = "not read: " + std::to_string(names.size()) + " ";
  note.message.append(names.size() == 1 ? words.one : words.several).append(": ");
  for (std::size_t i = 0; i < names.size() && i < kNamed; ++i)
    note.message.append(i > 0 ? ", " : "").append(names[i]);
  if (names.size() > kNamed)
    note.message += " and " + std::to_string(names.size() - kNamed) + " more";
  diagnostics.push_back(std::move(note));
}

}  // namespace

void TellLeftOut(source::FileTree& tree, SourceTable& sources, base::Diagnostics& diagnostics) {
  std::map<source::LeftOutReason, std::vector<std::string>> harmless;
  for (source::LeftOut& left : tree.LeftOutPaths()) {
    if (left.reason == source::LeftOutReason::kUnreadableFolder) continue;  // an error of its own
    const std::string display = std::string(tree.display_name()) + left.path;
    const bool loss = MayBeLoss(left.reason) && IsLoss(tree, left);
    if (!loss && left.reason != source::LeftOutReason::kSpecialFile) {
      harmless[left.reason].push_back(display);
      continue;
    }
    base::Diagnostic diagnostic;
    if (loss) {
      diagnostic = Loss(left);
    } else {
      diagnostic.severity = Severity::kWarning;
      diagnostic.code = base::ErrorCode::kInvalidResource;
      diagnostic.message = "neither file, folder nor link, and not read";
    }
    diagnostic.place.source = sources.Add({display, nullptr, &tree, std::move(left.path)});
    diagnostics.push_back(std::move(diagnostic));
  }
  for (const auto& [reason, names] : harmless) AddNote(reason, names, diagnostics);
}

}  // namespace openchoreo::resource
