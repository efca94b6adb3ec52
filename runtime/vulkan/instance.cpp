// Creates the instance, with validation when asked, and listens to the layers.
#include "instance.h"

#include "enumerate.h"
#include "error.h"
#include "info.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace impasto::vulkan {
namespace {

constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";

std::vector<VkExtensionProperties> extensions_of(const Functions& functions, const char* layer) {
  return enumerate<VkExtensionProperties>(
      "vkEnumerateInstanceExtensionProperties", [&](uint32_t* count, VkExtensionProperties* properties) {
        return functions.vkEnumerateInstanceExtensionProperties(layer, count, properties);
      });
}

void require_validation_layer(const Functions& functions) {
  const auto layers = enumerate<VkLayerProperties>(
      "vkEnumerateInstanceLayerProperties", [&](uint32_t* count, VkLayerProperties* properties) {
        return functions.vkEnumerateInstanceLayerProperties(count, properties);
      });
  const bool there = std::any_of(layers.begin(), layers.end(), [](const VkLayerProperties& layer) {
    return std::strcmp(layer.layerName, kValidationLayer) == 0;
  });
  if (!there)
    throw Error(VK_ERROR_LAYER_NOT_PRESENT, std::string("validation was asked for, but the layer ") +
                                                kValidationLayer + " is not installed");
}

void load_global(Functions& functions) {
#define IMPASTO_LOAD(name) \
  functions.name = reinterpret_cast<PFN_##name>(vkGetInstanceProcAddr(nullptr, #name));
  IMPASTO_GLOBAL_FUNCTIONS(IMPASTO_LOAD)
#undef IMPASTO_LOAD
}

void require_version(const Functions& functions) {
  uint32_t version = VK_API_VERSION_1_0;
  if (functions.vkEnumerateInstanceVersion != nullptr)
    check(functions.vkEnumerateInstanceVersion(&version), "vkEnumerateInstanceVersion");
  if (functions.vkCreateInstance == nullptr || version < VK_API_VERSION_1_1)
    throw Error(VK_ERROR_INCOMPATIBLE_DRIVER, "the Vulkan loader is older than Vulkan 1.1; update it");
}

VKAPI_ATTR VkBool32 VKAPI_CALL receive(VkDebugUtilsMessageSeverityFlagBitsEXT,
                                       VkDebugUtilsMessageTypeFlagsEXT,
                                       const VkDebugUtilsMessengerCallbackDataEXT* data, void* user) {
  const auto& on_message = *static_cast<const std::function<void(std::string_view)>*>(user);
  const std::string name = data->pMessageIdName != nullptr ? data->pMessageIdName : "";
  const std::string text = name + ": " + (data->pMessage != nullptr ? data->pMessage : "");
  if (on_message) on_message(text);
  return VK_FALSE;
}

}  // namespace

bool offers(const std::vector<VkExtensionProperties>& extensions, const char* name) {
  return std::any_of(extensions.begin(), extensions.end(), [name](const VkExtensionProperties& extension) {
    return std::strcmp(extension.extensionName, name) == 0;
  });
}

Instance::Instance(const DeviceOptions& options) : Instance(options, Unready{}) {
  load_global(functions_);
  if (options.intercept) options.intercept(functions_);
  require_version(functions_);
  create(options);
  load(options);
  if (!options.validation) return;
  const VkDebugUtilsMessengerCreateInfoEXT info = messenger_info();
  check(functions_.vkCreateDebugUtilsMessengerEXT(handle_, &info, nullptr, &messenger_),
        "vkCreateDebugUtilsMessengerEXT");
}

// The public constructor delegates to this one, so that the destructor runs when it throws.
Instance::Instance(const DeviceOptions& options, Unready) : on_message_(options.on_message) {}

Instance::~Instance() {
  if (messenger_ != VK_NULL_HANDLE) functions_.vkDestroyDebugUtilsMessengerEXT(handle_, messenger_, nullptr);
  if (handle_ != VK_NULL_HANDLE && functions_.vkDestroyInstance != nullptr)
    functions_.vkDestroyInstance(handle_, nullptr);
}

VkDebugUtilsMessengerCreateInfoEXT Instance::messenger_info() {
  auto info =
      make_info<VkDebugUtilsMessengerCreateInfoEXT>(VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT);
  info.messageSeverity =
      VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
  info.messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_GENERAL_BIT_EXT |
                     VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT |
                     VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT;
  info.pfnUserCallback = receive;
  info.pUserData = &on_message_;
  return info;
}

void Instance::create(const DeviceOptions& options) {
  std::vector<const char*> extensions;
  for (const std::string& name : options.instance_extensions) extensions.push_back(name.c_str());
  auto info = make_info<VkInstanceCreateInfo>(VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO);
  if (offers(extensions_of(functions_, nullptr), VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME)) {
    extensions.push_back(VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME);
    info.flags |= VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR;  // else MoltenVK is hidden
  }

  VkDebugUtilsMessengerCreateInfoEXT messages = messenger_info();
  const VkValidationFeatureEnableEXT synchronization =
      VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT;
  auto features = make_info<VkValidationFeaturesEXT>(VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT);
  if (options.validation) {
    require_validation_layer(functions_);
    extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
    extensions.push_back(VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME);
    features.enabledValidationFeatureCount = 1;
    features.pEnabledValidationFeatures = &synchronization;
    features.pNext = &messages;  // hears what happens in vkCreateInstance and vkDestroyInstance
    info.pNext = &features;
    info.enabledLayerCount = 1;
    info.ppEnabledLayerNames = &kValidationLayer;
  }

  auto application = make_info<VkApplicationInfo>(VK_STRUCTURE_TYPE_APPLICATION_INFO);
  application.pApplicationName = "impasto";
  application.apiVersion = VK_API_VERSION_1_1;
  info.pApplicationInfo = &application;
  info.enabledExtensionCount = static_cast<uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  const VkResult result = functions_.vkCreateInstance(&info, nullptr, &handle_);
  if (result == VK_SUCCESS) return;
  handle_ = VK_NULL_HANDLE;
  if (result == VK_ERROR_INCOMPATIBLE_DRIVER)
    throw Error(result,
                "no Vulkan driver is installed; install the graphics driver, or Mesa's software driver");
  check(result, "vkCreateInstance");
}

void Instance::load(const DeviceOptions& options) {
#define IMPASTO_LOAD(name) \
  functions_.name = reinterpret_cast<PFN_##name>(vkGetInstanceProcAddr(handle_, #name));
  IMPASTO_INSTANCE_FUNCTIONS(IMPASTO_LOAD)
  IMPASTO_OPTIONAL_FUNCTIONS(IMPASTO_LOAD)
  if (options.validation) {
    IMPASTO_DEBUG_FUNCTIONS(IMPASTO_LOAD)
  }
#undef IMPASTO_LOAD
  if (options.intercept) options.intercept(functions_);
#define IMPASTO_REQUIRE(name)     \
  if (functions_.name == nullptr) \
    throw Error(VK_ERROR_INITIALIZATION_FAILED, "the Vulkan loader lacks " #name);
  IMPASTO_INSTANCE_FUNCTIONS(IMPASTO_REQUIRE)
  if (options.validation) {
    IMPASTO_DEBUG_FUNCTIONS(IMPASTO_REQUIRE)
  }
#undef IMPASTO_REQUIRE
}

}  // namespace impasto::vulkan
